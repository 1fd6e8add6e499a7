/** Yellow and red by the office's own limits (setting `desk`). */
import type { FloorLimits, FloorQueue } from '@/api/floor'

export type Tone = '' | 'jade' | 'ochre' | 'vermilion'
const ORDER: readonly Tone[] = ['', 'jade', 'ochre', 'vermilion']

export function worst(...tones: readonly Tone[]): Tone {
  return tones.reduce((one, two) => (ORDER.indexOf(two) > ORDER.indexOf(one) ? two : one), '')
}

export function waitingTone(waiting: number, limits: FloorLimits): Tone {
  if (waiting >= limits.floor_waiting_red) return 'vermilion'
  return waiting >= limits.floor_waiting_yellow ? 'ochre' : ''
}

export function waitTone(seconds: number | null, limits: FloorLimits): Tone {
  if (seconds === null) return ''
  if (seconds >= limits.floor_wait_red_seconds) return 'vermilion'
  return seconds >= limits.floor_wait_yellow_seconds ? 'ochre' : ''
}

export function levelTone(level: number | null | undefined, limits: FloorLimits): Tone {
  if (level === null || level === undefined) return ''
  if (level * 100 < limits.floor_level_red) return 'vermilion'
  return level * 100 < limits.floor_level_yellow ? 'ochre' : 'jade'
}

/** How long the first caller of a queue has waited, in whole seconds; null when nobody waits. */
export function firstWait(queue: FloorQueue, now: number): number | null {
  return queue.first_since ? Math.max(0, Math.floor((now - new Date(queue.first_since).getTime()) / 1000)) : null
}

export function queueTone(queue: FloorQueue, limits: FloorLimits, now: number): Tone {
  return worst(waitingTone(queue.waiting, limits), waitTone(firstWait(queue, now), limits))
}

export function percent(share: number | null | undefined): string {
  return share === null || share === undefined ? '—' : `${(share * 100).toFixed(1)}%`
}

/** Tone of an agent's state; red when a break or wrap-up lasts longer than it may. */
export function stateTone(state: string, over: boolean): Tone {
  if (over || state === 'phone_lost') return 'vermilion'
  if (state === 'ready') return 'jade'
  return state === 'not_ready' || state === 'wrap_up' ? 'ochre' : ''
}
