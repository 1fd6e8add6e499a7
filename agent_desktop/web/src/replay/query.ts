/** What is looked for, kept in the page's address, so that a search can be sent to a colleague and survives a reload. */
export const FIELDS = [
  'words', 'by', 'since', 'until', 'number', 'ticket', 'unit', 'agent', 'queue', 'category', 'kind',
  'shortest', 'longest', 'talk_over', 'silence', 'sort',
] as const
export type Field = (typeof FIELDS)[number]
export type Query = Readonly<Partial<Record<Field, string>>>

/** Fields that stand in the folded part of the form. */
export const FURTHER: readonly Field[] = [
  'number', 'ticket', 'unit', 'agent', 'queue', 'category', 'kind', 'shortest', 'longest', 'talk_over', 'silence',
]

/** Only what is known and not empty. */
export function queryOf(given: Readonly<Record<string, unknown>>): Query {
  const found: Partial<Record<Field, string>> = {}
  for (const name of FIELDS) {
    const value = given[name]
    if (typeof value === 'string' && value.trim() !== '') found[name] = value
  }
  return found
}

/** As the server wants it: days become moments of this place's time, the last day included. */
export function parametersOf(query: Query, limit: number, cursor: string | null): URLSearchParams {
  const parameters = new URLSearchParams({ limit: String(limit), ...(cursor === null ? {} : { cursor }) })
  for (const [name, value] of Object.entries(query)) parameters.set(name, value)
  if (query.since) parameters.set('since', dayStart(query.since, 0))
  if (query.until) parameters.set('until', dayStart(query.until, 1))
  return parameters
}

function dayStart(day: string, after: number): string {
  const [year, month, date] = day.split('-').map(Number)
  return new Date(year ?? 0, (month ?? 1) - 1, (date ?? 1) + after).toISOString()
}
