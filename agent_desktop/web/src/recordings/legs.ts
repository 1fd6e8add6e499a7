/** Who is heard on a recording's legs, in order: one name a leg. */
import type { Recording } from '@/api/types'
import type { Key } from '@/i18n'

export function legNames(recording: Pick<Recording, 'kind' | 'channels'> | null): readonly Key[] {
  const conversation = recording?.kind === 'call' || recording?.kind === 'consult'
  // A message has no other side; of a conversation with one leg only the mix of all was left.
  if (recording?.channels === 1) return [conversation ? 'player.everybody' : 'player.citizen']
  // In a private consultation the first leg is the party asked: the citizen hears nothing of it.
  return [recording?.kind === 'consult' ? 'player.consulted' : 'player.citizen', 'player.agent']
}

/** The name of the leg that the server calls `citizen` or `other`. */
export function legName(leg: 'citizen' | 'other', names: readonly Key[]): Key {
  return (leg === 'other' ? names[1] : undefined) ?? names[0]!
}
