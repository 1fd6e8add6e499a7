/**
 * When a registration that looks alive is not: after the computer has slept, after the switch was started again, in a
 * tab whose timers the browser has slowed down to one a minute.
 *
 * The server's message every ten seconds is the clock: messages reach a hidden tab on time, timers do not.
 */

export interface LinkFacts {
  readonly now: number
  /** The last look; a long gap means that this computer slept. */
  readonly lookedAt: number
  /** When the switch last said yes; 0 before. */
  readonly registeredAt: number
  /** Since when an answer is waited for; null while none is. */
  readonly askingSince: number | null
  readonly connected: boolean
}

/** Half of the registration's life: a refresh by the server's clock comes before the user agent's own would be late. */
export const REFRESH_AFTER_MS = 30_000
/** The longest a living switch takes to answer REGISTER, with room to spare; SIP itself would wait for 32 s. */
export const ANSWER_WITHIN_MS = 8_000
/** The server's clock ticks every 10 s. */
export const SLEPT_AFTER_MS = 25_000

export type Remedy = 'none' | 'register' | 'reconnect'

export function remedyFor(facts: LinkFacts): Remedy {
  if (!facts.connected) return 'none' // the user agent is connecting already
  if (facts.lookedAt > 0 && facts.now - facts.lookedAt > SLEPT_AFTER_MS) return 'reconnect'
  if (facts.askingSince !== null) return facts.now - facts.askingSince > ANSWER_WITHIN_MS ? 'reconnect' : 'none'
  return facts.now - facts.registeredAt > REFRESH_AFTER_MS ? 'register' : 'none'
}

/**
 * Whether this message is the switch's yes to a REGISTER.  The user agent tells of the first one only and is silent
 * about refreshes (JsSIP's Registrator: `registered` fires when it was not registered before).
 */
export function grantsRegistration(message: unknown): boolean {
  return typeof message === 'string' && /^SIP\/2\.0 200 /.test(message) && /\r\nCSeq: *\d+ +REGISTER\r\n/i.test(message)
}
