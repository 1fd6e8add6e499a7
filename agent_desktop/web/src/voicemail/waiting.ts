/** How many voice messages wait: read now and then for the mark beside the page's name, and with each list. */
import { reactive, readonly } from 'vue'
import { api } from '@/api/http'
import type { VoicemailPage } from '@/generated/http'

interface Waiting {
  open: number
  late: boolean
}

const state = reactive<Waiting>({ open: 0, late: false })

export const waiting = readonly(state)

/** Takes over what a list has just told. */
export function noteWaiting(page: VoicemailPage): void {
  state.open = page.open
  state.late = page.oldest !== null && Date.now() - Date.parse(page.oldest) >= page.limit_minutes * 60_000
}

/** Reads the numbers; a server that does not answer changes nothing. */
export async function readWaiting(): Promise<void> {
  const page = await api<VoicemailPage>('/voicemail?limit=1').catch(() => null)
  if (page) noteWaiting(page)
}
