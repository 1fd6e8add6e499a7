/** Commands on the conversation in hand.  The switch carries them out; the live picture shows what has become of them. */
import { api } from '@/api/http'
import type { Colleagues, OutcomeAnswer, Roster } from '@/api/types'
import { desk } from './desk'

export type Verb = 'hold' | 'resume' | 'consult' | 'cancel' | 'merge' | 'transfer' | 'leave' | 'drop' | 'blind'

/** May this be done now?  The server's table says so. */
export function may(verb: Verb): boolean {
  return desk.call?.verbs?.includes(verb) ?? false
}

/** What a call in addition is for: a private consultation, passing the citizen on, or (without a call) calling out. */
export type Purpose = 'consult' | 'transfer-blind'

export async function simple(verb: 'cancel' | 'merge' | 'transfer' | 'leave'): Promise<void> {
  await api(`/call/${verb}`, { method: 'POST' })
}

export async function toggleHold(): Promise<void> {
  if (may('hold')) await api('/call/hold', { method: 'POST' })
  else if (may('resume')) await api('/call/resume', { method: 'POST' })
}

export async function callInAddition(
  purpose: Purpose,
  number: string,
  options: { colleague: boolean; brief: boolean },
): Promise<void> {
  await api(`/call/${purpose}`, { method: 'POST', body: { number, ...options } })
}

export async function callOut(number: string): Promise<void> {
  await api('/call/out', { method: 'POST', body: { number } })
}

export async function drop(party: string): Promise<void> {
  await api('/call/drop', { method: 'POST', body: { party } })
}

export type Outcome = 'answered_by_unit' | 'phone_dispatch' | 'written_dispatch'

export interface OutcomeSaid {
  readonly ticket_id: string
  readonly outcome: Outcome
  readonly unit_id: string | null
  readonly note: string
  readonly deadline: string | null
}

export async function writeOutcome(contactId: string, said: OutcomeSaid): Promise<OutcomeAnswer> {
  return api<OutcomeAnswer>(`/calls/${contactId}/outcome`, { method: 'POST', body: said })
}

export async function askWrapUp(): Promise<void> {
  await api('/agent/wrap-up', { method: 'POST' })
}

export async function roster(): Promise<Roster['duty']> {
  return (await api<Roster>('/duty')).duty
}

export async function colleagues(): Promise<Colleagues['colleagues']> {
  return (await api<Colleagues>('/colleagues')).colleagues
}
