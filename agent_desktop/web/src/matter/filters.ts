/** What the ticket list shows: the filters, as they stand in the address and as people keep them. */

/** The parts of a filter by the names they have in the API, in the order in which they are told. */
export const PARTS = [
  'light', 'status', 'kind', 'unit', 'assisting', 'category', 'overdue', 'urgency', 'channel', 'origin', 'evaluated',
  'accepted_from', 'accepted_to', 'due_from', 'due_to', 'closed_from', 'closed_to',
] as const
export type Part = (typeof PARTS)[number]

/** Parts that stand above the list; the others wait in the drawer. */
export const COMMON: readonly Part[] = ['light', 'status', 'unit']
export const LIGHTS = ['red', 'yellow', 'green'] as const
export const URGENCIES = ['ordinary', 'urgent', 'major', 'emergency'] as const
/** Periods: their days are the office's, both included. */
export const PERIODS = ['accepted', 'due', 'closed'] as const

/** Every part as text; empty asks for nothing. */
export interface Filters extends Readonly<Record<Part, string>> {
  readonly q: string
  readonly sort: 'best' | 'newest' | 'oldest'
}

export interface SavedFilter {
  readonly name: string
  readonly filters: Filters
}

const NOTHING = Object.fromEntries(PARTS.map((part) => [part, ''])) as Record<Part, string>
export const NO_FILTERS: Filters = { ...NOTHING, q: '', sort: 'newest' }
const SORTS: readonly string[] = ['best', 'newest', 'oldest']
const STORED = 'hotline.ticket_filters'
const MOST = 20

/** Filters from anything that was stored or stands in an address; what does not fit is left out. */
export function filtersFrom(said: Readonly<Record<string, unknown>>): Filters {
  const text = (name: string): string => (typeof said[name] === 'string' ? (said[name] as string).slice(0, 200) : '')
  const sort = SORTS.includes(text('sort')) ? (text('sort') as Filters['sort']) : NO_FILTERS.sort
  const parts = Object.fromEntries(PARTS.map((part) => [part, text(part)])) as Record<Part, string>
  return { ...parts, q: text('q'), sort }
}

/** Only what differs from the plain list: for the address. */
export function queryOf(filters: Filters): Record<string, string> {
  return Object.fromEntries(
    Object.entries(filters).filter(([name, value]) => value !== NO_FILTERS[name as keyof Filters]),
  ) as Record<string, string>
}

/** The parts that ask for something. */
export function partsOf(filters: Filters): readonly Part[] {
  return PARTS.filter((part) => filters[part] !== '')
}

/** Whether the search index must answer: only it knows words, and what fits them best. */
export function needsSearch(filters: Filters): boolean {
  return filters.q.trim() !== ''
}

/** What the list, the search and their files are asked for. */
export function parametersOf(filters: Filters): URLSearchParams {
  const asked = new URLSearchParams(partsOf(filters).map((part) => [part, filters[part]]))
  if (needsSearch(filters)) asked.set('q', filters.q.trim())
  asked.set('sort', !needsSearch(filters) && filters.sort === 'best' ? 'newest' : filters.sort)
  return asked
}

export function savedFilters(stored: string | null): readonly SavedFilter[] {
  try {
    const list: unknown = JSON.parse(stored ?? '[]')
    if (!Array.isArray(list)) return []
    return list
      .filter((one): one is { name: string; filters: object } => typeof one?.name === 'string' && !!one.filters)
      .slice(0, MOST)
      .map((one) => ({ name: one.name, filters: filtersFrom(one.filters as Record<string, unknown>) }))
  } catch {
    return []
  }
}

/** Adds a filter; one of the same name is replaced. */
export function withFilter(list: readonly SavedFilter[], added: SavedFilter): readonly SavedFilter[] {
  return [added, ...list.filter((one) => one.name !== added.name)].slice(0, MOST)
}

export function readSaved(): readonly SavedFilter[] {
  try {
    return savedFilters(localStorage.getItem(STORED))
  } catch {
    return []
  }
}

export function writeSaved(list: readonly SavedFilter[]): void {
  try {
    localStorage.setItem(STORED, JSON.stringify(list))
  } catch {
    // Private windows may refuse storage; the filters then last as long as the page.
  }
}
