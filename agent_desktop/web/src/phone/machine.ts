/**
 * The softphone's states as two tables: the line (is the phone reachable?) and the call (what is it doing?).
 *
 * Nothing here knows JsSIP, time or the screen: `step` takes a state and an event and gives the next state, or
 * null when the table has no such row.  A refused event is never an error on the wire, it is merely too late.
 *
 * The two are kept apart because media does not travel with the signalling: a call goes on being heard while
 * the WebSocket is gone.  The `*_unlinked` states say exactly that.
 */

export type LineState = 'off' | 'connecting' | 'registered' | 'lost' | 'refused' | 'elsewhere'
export type LineEvent = 'start' | 'registered' | 'disconnected' | 'refused' | 'taken_over' | 'stop'

export type CallState =
  | 'idle'
  | 'dialling'
  | 'ringing'
  | 'answering'
  | 'talking'
  | 'holding'
  | 'held'
  | 'resuming'
  | 'talking_unlinked'
  | 'held_unlinked'
  | 'ending'
export type CallEvent =
  | 'dial'
  | 'invited'
  | 'answer'
  | 'connected'
  | 'hold'
  | 'held'
  | 'resume'
  | 'resumed'
  | 'hold_failed'
  | 'resume_failed'
  | 'unlinked'
  | 'linked'
  | 'hang_up'
  | 'gone'

export interface Row<S extends string, E extends string> {
  readonly from: readonly S[]
  readonly on: E
  readonly to: S
}

export const LINE: readonly Row<LineState, LineEvent>[] = [
  // Not from 'lost': the user agent reconnects by itself, and a new one would cost the call that goes on meanwhile.
  { from: ['off', 'refused', 'elsewhere'], on: 'start', to: 'connecting' },
  { from: ['connecting', 'lost', 'registered'], on: 'registered', to: 'registered' },
  { from: ['connecting', 'registered', 'lost'], on: 'disconnected', to: 'lost' },
  { from: ['connecting', 'registered', 'lost'], on: 'refused', to: 'refused' },
  { from: ['connecting', 'registered', 'lost', 'refused'], on: 'taken_over', to: 'elsewhere' },
  { from: ['connecting', 'registered', 'lost', 'refused', 'elsewhere'], on: 'stop', to: 'off' },
]

const LIVE: readonly CallState[] = [
  'dialling',
  'ringing',
  'answering',
  'talking',
  'holding',
  'held',
  'resuming',
  'talking_unlinked',
  'held_unlinked',
  'ending',
]

export const CALL: readonly Row<CallState, CallEvent>[] = [
  { from: ['idle'], on: 'dial', to: 'dialling' },
  { from: ['idle'], on: 'invited', to: 'ringing' },
  { from: ['ringing'], on: 'answer', to: 'answering' },
  { from: ['answering', 'dialling'], on: 'connected', to: 'talking' },
  { from: ['talking'], on: 'hold', to: 'holding' },
  { from: ['holding'], on: 'held', to: 'held' },
  { from: ['holding'], on: 'hold_failed', to: 'talking' },
  { from: ['held'], on: 'resume', to: 'resuming' },
  { from: ['resuming'], on: 'resumed', to: 'talking' },
  { from: ['resuming'], on: 'resume_failed', to: 'held' },
  { from: ['talking', 'holding'], on: 'unlinked', to: 'talking_unlinked' },
  { from: ['held', 'resuming'], on: 'unlinked', to: 'held_unlinked' },
  { from: ['talking_unlinked'], on: 'linked', to: 'talking' },
  { from: ['held_unlinked'], on: 'linked', to: 'held' },
  {
    from: [
      'dialling',
      'ringing',
      'answering',
      'talking',
      'holding',
      'held',
      'resuming',
      'talking_unlinked',
      'held_unlinked',
    ],
    on: 'hang_up',
    to: 'ending',
  },
  { from: LIVE, on: 'gone', to: 'idle' },
]

/** The next state, or null when the table has no row for this event in this state. */
export function step<S extends string, E extends string>(
  table: readonly Row<S, E>[],
  state: S,
  event: E,
): S | null {
  for (const row of table) if (row.on === event && row.from.includes(state)) return row.to
  return null
}

/** May this event happen now?  Buttons are enabled by the same table that moves the phone. */
export function allows<S extends string, E extends string>(
  table: readonly Row<S, E>[],
  state: S,
  event: E,
): boolean {
  return step(table, state, event) !== null
}

/** States in which the citizen and this phone are connected, heard or on hold. */
export function inCall(state: CallState): boolean {
  return (
    state === 'talking' ||
    state === 'holding' ||
    state === 'held' ||
    state === 'resuming' ||
    state === 'talking_unlinked' ||
    state === 'held_unlinked'
  )
}
