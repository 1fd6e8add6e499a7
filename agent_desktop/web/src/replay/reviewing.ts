/** One scorecard at work: read, stored as it is filled in, finished, given back. */
import { ref, shallowRef } from 'vue'
import { api } from '@/api/http'
import type { ReviewAnswer } from '@/api/replay'
import { t } from '@/i18n'
import { attempt, sayDone } from '@/shell/notify'

export interface Filled {
  readonly points: Record<string, number>
  readonly failed: string[]
  readonly comment: string
  readonly done: boolean
}

export function useReview() {
  const answer = shallowRef<ReviewAnswer | null>(null)
  const busy = ref(false)

  async function run(action: () => Promise<ReviewAnswer | null>): Promise<boolean> {
    busy.value = true
    const went = await attempt(async () => {
      answer.value = await action()
    })
    busy.value = false
    return went
  }

  const read = (reviewId: string): Promise<boolean> => run(() => api<ReviewAnswer>(`/quality/reviews/${reviewId}`))

  const claim = (recordingId: string, agentId: string | null): Promise<boolean> =>
    run(() => api<ReviewAnswer>('/quality/reviews', { method: 'POST', body: { recording_id: recordingId, agent_id: agentId } }))

  async function save(filled: Filled): Promise<boolean> {
    const before = answer.value
    if (!before) return false
    const body = { ...filled, version: before.review.version }
    const went = await run(() => api<ReviewAnswer>(`/quality/reviews/${before.review.review_id}`, { method: 'PUT', body }))
    if (went) sayDone(t(filled.done ? 'score.finished' : 'score.kept'))
    return went
  }

  async function release(): Promise<boolean> {
    const before = answer.value
    if (!before) return false
    return run(async () => {
      await api(`/quality/reviews/${before.review.review_id}/release`, { method: 'POST' })
      return null
    })
  }

  return { answer, busy, read, claim, save, release }
}
