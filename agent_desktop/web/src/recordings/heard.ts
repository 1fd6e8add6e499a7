/** Which seconds were heard: collected while the voice plays, told every few seconds and when the player goes away. */
import { api } from '@/api/http'
import type { HeardAnswer } from '@/api/replay'

const TELL_MS = 5000
const STEP = 1.5 // seconds: between two looks at the clock playback moves less, a jump moves more

export type Span = readonly [number, number]

/** Adds a moment of playback; a jump begins a new stretch. */
export function withMoment(spans: readonly Span[], at: number, speed: number): Span[] {
  const last = spans.at(-1)
  if (last && at >= last[1] && at - last[1] <= STEP * Math.max(1, speed)) return [...spans.slice(0, -1), [last[0], at]]
  return [...spans, [at, at]]
}

export class Heard {
  private spans: Span[] = []
  private readonly timer: ReturnType<typeof setInterval>

  constructor(
    private readonly playId: string,
    private readonly onOver: () => void,
  ) {
    this.timer = setInterval(() => void this.tell(), TELL_MS)
  }

  moment(at: number, speed: number): void {
    this.spans = withMoment(this.spans, at, speed)
  }

  /** Playback stopped or jumped: what comes next is another stretch. */
  pause(): void {
    const last = this.spans.at(-1)
    if (last) this.spans = [...this.spans, [last[1], last[1]]]
  }

  close(): void {
    clearInterval(this.timer)
    void this.tell(true)
  }

  private async tell(closed = false): Promise<void> {
    const spans = this.spans.filter(([start, end]) => end > start).slice(-50)
    const last = this.spans.at(-1)
    this.spans = last && !closed ? [[last[1], last[1]]] : []
    if (spans.length === 0 && !closed) return
    try {
      const body = { spans, closed }
      const answer = await api<HeardAnswer>(`/plays/${this.playId}/heard`, { method: 'POST', body, keepalive: closed })
      if (!answer.open && !closed) this.onOver()
    } catch {
      if (!closed) this.spans = [...spans, ...this.spans] // told again with the next ones
    }
  }
}
