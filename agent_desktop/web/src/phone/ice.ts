/**
 * ICE gathering with an end.  JsSIP sends the answer only after gathering is complete, which takes 5–10 s on a
 * machine with a dead interface or an unreachable STUN server: the citizen would hear nothing for that long.
 */

/** The most time, in ms, that gathering may hold an answer back. */
export const GATHERING_LIMIT_MS = 500

type Gatherer = Pick<
  RTCPeerConnection,
  'iceGatheringState' | 'addEventListener' | 'removeEventListener' | 'dispatchEvent'
>

/**
 * Ends JsSIP's wait `limit` ms after gathering began, with the candidates found so far.
 *
 * JsSIP goes on at the "last candidate" event (one without a candidate), so that is what it is given; the
 * browser's own gathering continues underneath and costs nothing.
 */
export function capGathering(connection: Gatherer, limit = GATHERING_LIMIT_MS): void {
  connection.addEventListener('icegatheringstatechange', () => {
    if (connection.iceGatheringState !== 'gathering') return
    setTimeout(() => {
      if (connection.iceGatheringState !== 'gathering') return
      const last = new Event('icecandidate') as Event & { candidate: null }
      Object.defineProperty(last, 'candidate', { value: null })
      connection.dispatchEvent(last)
    }, limit)
  })
}
