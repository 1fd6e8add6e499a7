/** The fields of a ticket as the form holds them, and what must be filled in. */

export const KINDS = ['inquiry', 'help', 'complaint', 'report', 'suggestion', 'thanks', 'efficacy_complaint'] as const
export type Kind = (typeof KINDS)[number]

export const CHANNELS = ['phone', 'voicemail', 'fax', 'web', 'mailbox', 'email', 'sms', 'app', 'wechat', 'weibo', 'qq', 'visit', 'other'] as const
export type Channel = (typeof CHANNELS)[number]

export const ORIGINS = ['citizen', 'provincial', 'provincial_petition_bureau', 'provincial_phone_office', 'city_leader', 'other_platform'] as const

export interface TicketFields {
  kind: Kind
  channel: Channel
  category: string
  title: string
  text: string
  place: string
  caller_name: string
  caller_number: string
  caller_identity: string
  confidential: boolean
  no_reply: boolean
}

/** What is wrong with a field: a code with a translation under `problem.`. */
export type FieldProblems = Partial<Record<keyof TicketFields, string>>

/** Longest text of each field, in characters; the server has the same limits. */
export const LIMITS = { title: 200, text: 20_000, place: 500, caller_name: 100, caller_number: 40, caller_identity: 40 } as const

/** What is asked for while the city's guide is not there. */
export const REQUIRED: readonly (keyof TicketFields)[] = ['category', 'title', 'text']

export function emptyFields(): TicketFields {
  return {
    kind: 'help',
    channel: 'phone',
    category: '',
    title: '',
    text: '',
    place: '',
    caller_name: '',
    caller_number: '',
    caller_identity: '',
    confidential: false,
    no_reply: false,
  }
}

const CODES: Readonly<Record<string, readonly string[]>> = { kind: KINDS, channel: CHANNELS }

/** The known fields of a stored draft; whatever else it holds, or holds in the wrong type, is left out. */
export function fieldsFrom(body: Readonly<Record<string, unknown>>): Partial<TicketFields> {
  const found: Record<string, unknown> = {}
  for (const [name, empty] of Object.entries(emptyFields())) {
    const value = body[name]
    if (name in CODES ? CODES[name]!.includes(value as string) : typeof value === typeof empty) found[name] = value
  }
  return found as Partial<TicketFields>
}

/** The texts of a stored list; whatever else it holds is left out. */
export function textsFrom(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []
}

/** What a refusal of the server says about the fields. */
export function problemsOf(detail: Readonly<Record<string, unknown>>, fields: TicketFields): FieldProblems {
  const problems: FieldProblems = {}
  const listed = detail.problems
  if (Array.isArray(listed))
    for (const problem of listed as { where?: unknown[]; code?: string }[]) {
      const field = problem.where?.at(-1)
      if (typeof field === 'string' && field in fields) problems[field as keyof TicketFields] = problem.code ?? 'invalid'
    }
  const missing = detail.fields
  if (Array.isArray(missing)) for (const name of missing) problems[name as keyof TicketFields] = 'missing'
  const field = detail.field
  if (typeof field === 'string' && field in fields) problems[field as keyof TicketFields] = String(detail.problem ?? 'invalid')
  return problems
}

export function missingIn(fields: TicketFields, required: readonly (keyof TicketFields)[] = REQUIRED): FieldProblems {
  const problems: FieldProblems = {}
  for (const name of required) if (String(fields[name]).trim() === '') problems[name] = 'missing'
  return problems
}
