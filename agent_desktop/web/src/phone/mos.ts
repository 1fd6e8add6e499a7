/**
 * From round trip, jitter and loss to the score a listener would give (1 to 4.5).
 *
 * The E-model of ITU-T G.107 with its default values, for a digital line without echo: R = 93.2 − Id − Ie,eff.
 * Id is the usual two-piece approximation of the delay impairment (Cole & Rosenbluth 2001, the figures of G.107's
 * curve); Ie,eff is G.107 eq. 7-29 with Ie = 0 and Bpl = 25.1, the values of G.113 Appendix I for G.711 with packet
 * loss concealment, which every browser has.  R becomes MOS by G.107 Annex B.
 */

export interface Measured {
  /** Round trip in ms; null when nobody has told it yet. */
  readonly rtt: number | null
  /** Interarrival jitter in ms. */
  readonly jitter: number
  /** Share of packets lost, 0 to 1. */
  readonly loss: number
}

const R_DEFAULT = 93.2
const BPL = 25.1
/** What coding, packets of 20 ms and playing out add to the way of the packets, in ms. */
const FIXED_DELAY = 40

export function mosOf({ rtt, jitter, loss }: Measured): number {
  // A jitter buffer that holds back twice the jitter keeps nearly all packets.
  const delay = (rtt ?? 0) / 2 + 2 * jitter + FIXED_DELAY
  const byDelay = 0.024 * delay + (delay > 177.3 ? 0.11 * (delay - 177.3) : 0)
  const percent = loss * 100
  const byLoss = (95 * percent) / (percent + BPL)
  const r = Math.max(0, Math.min(100, R_DEFAULT - byDelay - byLoss))
  return Math.max(1, 1 + 0.035 * r + 7e-6 * r * (r - 60) * (100 - r))
}
