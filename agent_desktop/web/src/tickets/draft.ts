/**
 * Keeps the ticket form on the server while it is being typed.
 *
 * A change is sent after a short pause, at the latest after `maxWait`; a failed try is repeated until it
 * succeeds.  Each draft belongs to one contact and a new contact gets a new instance, so two calls in a row
 * can never mix.  Knows nothing of the screen or of HTTP: both are given.
 */

export type DraftBody = Readonly<Record<string, unknown>>
export type DraftState = 'clean' | 'changed' | 'saving' | 'saved' | 'offline' | 'conflict'

/** What became of a try to store the draft. */
export type SaveOutcome =
  | { readonly kind: 'saved'; readonly version: number }
  | { readonly kind: 'conflict'; readonly body: DraftBody; readonly version: number }

export interface DraftPort {
  /** Stores `body` on top of `version`; throws when there is no answer. */
  save(body: DraftBody, version: number, last: boolean): Promise<SaveOutcome>
  changed(state: DraftState): void
  /** A newer draft from elsewhere was found: the form should show it. */
  replaced(body: DraftBody): void
}

export interface DraftTimes {
  readonly pause: number
  readonly maxWait: number
  readonly retry: number
}

export const DRAFT_TIMES: DraftTimes = { pause: 500, maxWait: 2500, retry: 2000 }

export class DraftSync {
  private body: DraftBody | null = null
  private timer: ReturnType<typeof setTimeout> | undefined
  private firstChangeAt = 0
  private inFlight: Promise<void> | null = null
  private closed = false

  constructor(
    private readonly port: DraftPort,
    private version = 0,
    private readonly times: DraftTimes = DRAFT_TIMES,
  ) {}

  /** Notes the form's latest content. */
  change(body: DraftBody): void {
    if (this.closed) return
    if (this.body === null) this.firstChangeAt = Date.now()
    this.body = body
    this.port.changed('changed')
    const waited = Date.now() - this.firstChangeAt
    this.schedule(Math.max(0, Math.min(this.times.pause, this.times.maxWait - waited)))
  }

  /** Sends what is not yet sent and waits until it is stored (or the try has failed). */
  async flush(last = false): Promise<void> {
    clearTimeout(this.timer)
    if (this.inFlight) await this.inFlight
    if (this.body !== null) await this.send(last)
  }

  /** The ticket has been saved or the draft thrown away: nothing more is sent. */
  close(): void {
    this.closed = true
    this.body = null
    clearTimeout(this.timer)
  }

  private schedule(wait: number): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => {
      if (this.inFlight === null) void this.send(false)
    }, wait)
  }

  private send(last: boolean): Promise<void> {
    const body = this.body
    if (body === null || this.closed) return Promise.resolve()
    this.body = null
    this.port.changed('saving')
    this.inFlight = this.port
      .save(body, this.version, last)
      .then((outcome) => this.onOutcome(outcome))
      .catch(() => this.onFailure(body))
      .finally(() => {
        this.inFlight = null
        if (this.body !== null && !this.closed) this.schedule(this.retrying ? this.times.retry : this.times.pause)
      })
    return this.inFlight
  }

  private retrying = false

  private onOutcome(outcome: SaveOutcome): void {
    this.retrying = false
    if (this.closed) return
    this.version = outcome.version
    if (outcome.kind === 'saved') {
      this.port.changed(this.body === null ? 'saved' : 'changed')
      return
    }
    this.body = null
    this.port.replaced(outcome.body)
    this.port.changed('conflict')
  }

  private onFailure(body: DraftBody): void {
    this.retrying = true
    if (this.closed) return
    // Anything typed meanwhile is newer and already contains this.
    this.body ??= body
    this.firstChangeAt = Date.now()
    this.port.changed('offline')
  }
}
