/** Works of the visitor's unit (of all units for the office), page by page. */
import { api } from '@/api/http'
import type { InboxPage, InboxWork, Light } from '@/api/matter'

export type State = 'open' | 'asked' | 'ended' | 'all'

export async function readInbox(state: State, cursor: string | null, limit = 50): Promise<InboxPage> {
  const parameters = new URLSearchParams({ state, limit: String(limit) })
  if (cursor) parameters.set('cursor', cursor)
  return api<InboxPage>(`/inbox?${parameters}`)
}

/** How many works stand under each light. */
export function counted(works: readonly InboxWork[]): Readonly<Record<Light, number>> {
  const count = { green: 0, yellow: 0, red: 0 }
  for (const work of works) if (work.light) count[work.light] += 1
  return count
}

const URGENT = new Set<Light | null>(['red', 'yellow'])

/** Works come with what is due first on top: red and yellow ones stand before every green one of the same limit. */
export function pressing(works: readonly InboxWork[]): readonly InboxWork[] {
  return works.filter((work) => URGENT.has(work.light))
}
