/** What the citizen of the current call is saying, written along by the server while they speak. */
import { reactive, readonly } from 'vue'
import { insertSentence } from '@/desk/form'
import type { Caption, CaptionLine, Captions } from '@/generated/live'

interface CaptionState {
  /** The call they belong to; '' while there is none. */
  contactId: string
  state: 'on' | 'off'
  /** Why they are off; null while they are on. */
  reason: Captions['reason']
  lines: readonly CaptionLine[]
  /** The sentence in progress; it may still change. */
  saying: string
  /** Numbers of the sentences that were put into the ticket. */
  taken: readonly number[]
}

const NOTHING: CaptionState = { contactId: '', state: 'off', reason: null, lines: [], saying: '', taken: [] }
const state = reactive<CaptionState>({ ...NOTHING })

export const captions = readonly(state)

/** The whole picture: at the beginning, at every change of on and off, and when a page opens. */
export function showCaptions(message: Captions | null | undefined): void {
  if (!message) return clearCaptions()
  Object.assign(state, {
    contactId: message.contact_id,
    state: message.state,
    reason: message.reason,
    lines: message.lines,
    saying: '',
    taken: message.contact_id === state.contactId ? state.taken : [],
  })
}

/** Words as they come; those of another call are late and left out. */
export function takeCaption(message: Caption): void {
  if (message.contact_id !== state.contactId) return
  if (!message.final) {
    state.saying = message.text
    return
  }
  const { seq, start, end, text } = message
  state.saying = ''
  if (!state.lines.some((line) => line.seq === seq)) state.lines = [...state.lines, { seq, start, end, text }]
}

export function clearCaptions(): void {
  Object.assign(state, NOTHING)
}

/** Puts one sentence into the ticket. */
export function takeLine(line: CaptionLine): void {
  if (insertSentence(state.contactId, line.text)) state.taken = [...state.taken, line.seq]
}

/** Puts in the newest sentence, unless it is in the ticket already. */
export function takeNewest(): void {
  const line = state.lines.at(-1)
  if (line && !state.taken.includes(line.seq)) takeLine(line)
}
