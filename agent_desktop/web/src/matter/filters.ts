/** What the ticket list shows: the filters, as they stand in the address and as people keep them. */

export interface Filters {
  readonly q: string
  readonly status: string
  readonly kind: string
  readonly unit: string
  readonly sort: 'best' | 'newest' | 'oldest'
}

export interface SavedFilter {
  readonly name: string
  readonly filters: Filters
}

export const NO_FILTERS: Filters = { q: '', status: '', kind: '', unit: '', sort: 'newest' }
const SORTS: readonly string[] = ['best', 'newest', 'oldest']
const STORED = 'hotline.ticket_filters'
const MOST = 20

/** Filters from anything that was stored or stands in an address; what does not fit is left out. */
export function filtersFrom(said: Readonly<Record<string, unknown>>): Filters {
  const text = (name: string): string => (typeof said[name] === 'string' ? (said[name] as string).slice(0, 200) : '')
  const sort = SORTS.includes(text('sort')) ? (text('sort') as Filters['sort']) : NO_FILTERS.sort
  return { q: text('q'), status: text('status'), kind: text('kind'), unit: text('unit'), sort }
}

/** Only what differs from the plain list: for the address. */
export function queryOf(filters: Filters): Record<string, string> {
  return Object.fromEntries(
    Object.entries(filters).filter(([name, value]) => value !== NO_FILTERS[name as keyof Filters]),
  ) as Record<string, string>
}

/** Whether the search index must answer: the plain list knows neither units nor other orders. */
export function needsSearch(filters: Filters): boolean {
  return filters.q.trim() !== '' || filters.unit !== '' || filters.sort !== NO_FILTERS.sort
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
