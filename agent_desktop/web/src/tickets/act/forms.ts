/** What each verb of the workflow asks for.  The table `ticketing/life.txt` says what may not be missing; a test
 *  compares the two. */
import type { Matter, Work } from '@/api/matter'
import { rulesOf, texts, topic } from '@/matter/pack'

export type FieldKind =
  | 'line'
  | 'text'
  | 'number'
  | 'time'
  | 'flag'
  | 'choice'
  | 'choices'
  | 'unit'
  | 'units'
  | 'order_units'
  | 'ticket'
  | 'item_results'
  | 'attendance'
  | 'files'
  | 'picture'

export interface Field {
  readonly name: string
  readonly kind: FieldKind
  readonly required?: boolean
  /** Where the choices come from: a list of codes, or something of the ticket or of the regulation. */
  readonly from?: readonly string[] | Source
  /** The key of the label, when it is not `need.` + name. */
  readonly label?: 'need.link_to' | 'need.account' | 'need.report_to' | 'need.accused_unit' | 'need.not_accept_code'
  /** Asked for only while the ticket stands here. */
  readonly phases?: readonly string[]
  /** Asked for only where the regulation checks this of a report. */
  readonly check?: string
}

export type Source =
  | 'outcomes'
  | 'not_accept'
  | 'refusals'
  | 'grounds'
  | 'terminate'
  | 'supervise'
  | 'forms'
  | 'duties'
  | 'confirm'
  | 'orders_open'
  | 'orders'
  | 'meetings'
  | 'items'
  | 'attachments'
  | 'editions'
  | 'higher_bodies'
  | 'effects'
  | 'yes_no'
  | 'accused'

const line = (name: string, required = false): Field => ({ name, kind: 'line', required })
const text = (name: string, required = false): Field => ({ name, kind: 'text', required })
const days: Field = { name: 'days', kind: 'number' }
const choice = (name: string, from: NonNullable<Field['from']>, required = false): Field => ({
  name,
  kind: 'choice',
  from,
  required,
})
const reason = text('reason', true)
const ruling = text('ruling')
const mode = choice('mode', ['phone', 'written', 'three_way'])
const files: Field = { name: 'attachments', kind: 'files' }
const orderUnits: Field = { name: 'units', kind: 'order_units', required: true }

export const FORMS: Readonly<Record<string, readonly Field[]>> = {
  add_item: [text('text', true)],
  answer: [text('reply', true)],
  guide: [line('channel', true), text('reply')],
  refer: [line('to', true), text('note')],
  not_accept: [choice('code', 'refusals', true), text('reason'), line('channel')],
  reopen: [reason],
  escalate: [text('proposal', true)],
  approve: [text('instruction', true)],
  send_back: [reason],
  dispatch: [orderUnits, mode, days, line('basis'), line('skip_reason')],
  add_unit: [orderUnits, mode, days, line('basis'), line('skip_reason')],
  pass_review: [text('public_reply')],
  redo: [reason, days],
  promise: [text('condition', true), { name: 'wake_at', kind: 'time', required: true }],
  wake: [],
  call_back: [
    choice('outcome', 'outcomes', true),
    { name: 'solved', kind: 'flag' },
    { name: 'contacted', kind: 'flag' },
    text('note'),
  ],
  rate_staff: [choice('outcome', 'outcomes', true), text('note')],
  take_higher: [choice('body', 'higher_bodies', true), reason],
  publish_reply: [line('medium', true), text('reply', true)],
  evaluate: [choice('outcome', 'outcomes', true), text('note')],
  close: [
    { ...reason, phases: ['promised'] },
    { ...text('explanation'), phases: ['terminated'] },
    { ...text('closing_report'), phases: ['callback'] },
  ],
  request_review: [reason],
  uphold: [text('conclusion', true)],
  overturn: [text('conclusion', true), days],
  take_up_again: [reason],
  archive: [],
  rebase: [choice('edition', 'editions', true), reason],
  merge: [{ name: 'into', kind: 'ticket', required: true }],
  unmerge: [reason],
  link: [{ name: 'to', kind: 'ticket', required: true, label: 'need.link_to' }],
  mark_major: [],
  mark_urgent: [],
  mark_emergency: [line('kind', true)],
  unmark_major: [reason],
  unmark_urgent: [reason],
  unmark_emergency: [reason],
  report_emergency: [choice('stage', ['first', 'follow_up', 'final'], true), { ...line('to', true), label: 'need.report_to' }, text('note')],
  call_meeting: [
    line('place', true),
    { name: 'at', kind: 'time', required: true },
    { name: 'units', kind: 'units', required: true },
  ],
  record_attendance: [
    choice('meeting', 'meetings', true),
    { name: 'attendance', kind: 'attendance', required: true },
  ],
  assign_by_leader: [text('instruction', true)],
  keep_secret: [],
  lift_secrecy: [reason],
  name_accused: [{ name: 'unit', kind: 'unit', label: 'need.accused_unit' }, line('person')],
  clear_accused: [choice('party', 'accused', true), reason],
  carry_out_duty: [
    choice('duty', 'duties', true),
    { name: 'confirmed', kind: 'choices', from: 'confirm' },
    choice('effect', 'effects'),
    text('note'),
  ],
  waive_duty: [choice('duty', 'duties', true), reason],
  find_ground: [choice('code', 'grounds', true), { name: 'unit', kind: 'unit', required: true }],

  sign: [],
  start: [],
  contact_caller: [text('note', true)],
  report_common: [reason],
  demand_records: [text('text', true)],
  submit_records: [text('text', true), files],
  give_account: [{ ...text('text', true), label: 'need.account' }],
  save_item: [
    choice('item', 'items', true),
    text('result', true),
    line('evidence'),
    line('law_basis'),
    { name: 'resolved', kind: 'flag' },
  ],
  explain: [reason, text('plan')],
  approve_result: [text('note')],
  request_return: [reason, files],
  approve_return: [ruling],
  refuse_return: [{ ...ruling, required: true }],
  drop_request: [],
  request_extension: [days, text('reason'), files],
  approve_extension: [days, ruling],
  refuse_extension: [{ ...ruling, required: true }],
  request_termination: [choice('ground', 'terminate', true), { ...choice('code', 'not_accept'), label: 'need.not_accept_code' }, reason, files],
  approve_termination: [ruling],
  refuse_termination: [{ ...ruling, required: true }],
  sub_dispatch: [orderUnits, mode, days, line('duty_list')],
  pass_sub: [text('opinion', true)],
  redo_sub: [reason, days],
  report: [
    text('result', true),
    { name: 'item_results', kind: 'item_results' },
    text('public_reply'),
    { name: 'resolved', kind: 'flag' },
    { ...choice('answered_via', ['told_by_phone', 'told_in_person', 'told_in_writing', 'not_reached'], true), check: 'caller_answered' },
    { ...line('answered_note'), check: 'caller_answered' },
    { ...choice('satisfaction', 'outcomes'), check: 'satisfaction_or_explanation' },
    { ...line('satisfaction_note'), check: 'satisfaction_or_explanation' },
    { name: 'attachments_covered', kind: 'choices', from: 'attachments', check: 'attachments_covered' },
    { ...line('signature'), check: 'handler_signature' },
    { name: 'signature_file', kind: 'picture', check: 'handler_signature' },
    { ...line('seal'), check: 'unit_seal' },
    { name: 'seal_file', kind: 'picture', check: 'unit_seal' },
    { ...line('leader', true), check: 'leader_approval' },
    files,
    text('plan'),
    text('closing_report'),
  ],
  withdraw: [reason],
  designate: [choice('how', ['decided', 'designated'], true)],
  remind: [text('text')],
  urge: [text('text')],
  supervise: [text('opinion', true), choice('ground', 'supervise'), choice('form', 'forms'), days],
  answer_supervision: [choice('order', 'orders_open', true), text('text', true)],
  evaluate_supervision: [choice('order', 'orders', true), choice('rectified', 'yes_no'), text('evaluation', true)],
}

/** Verbs that have a form of their own, on the ticket page or on the caller's. */
export const ELSEWHERE: readonly string[] = ['register', 'demand_account', 'amend', 'deliver', 'record_conference']

/** Verbs that end or turn the work; they stand in front, the others under “more”. */
export const FOREMOST: readonly string[] = [
  'answer', 'dispatch', 'escalate', 'approve', 'send_back', 'pass_review', 'redo', 'call_back', 'close', 'wake',
  'uphold', 'overturn', 'sign', 'start', 'report', 'sub_dispatch', 'pass_sub', 'redo_sub', 'request_extension',
  'request_return', 'approve_return', 'refuse_return', 'approve_extension', 'refuse_extension',
  'approve_termination', 'refuse_termination', 'urge', 'supervise', 'answer_supervision', 'add_item', 'save_item',
]

type NeededFor = Readonly<Record<string, (matter: Matter, work: Work | null) => boolean>>

/** Verbs about something that the ticket may not have. */
const ONLY_WITH: NeededFor = {
  carry_out_duty: (matter) => matter.duties.some((one) => one.status === 'open'),
  waive_duty: (matter) => matter.duties.some((one) => one.status === 'open'),
  record_attendance: (matter) => matter.meetings.length > 0,
  mark_emergency: (matter) => matter.ticket.emergency === null,
  report_emergency: (matter) => matter.ticket.emergency !== null,
  save_item: (matter) => matter.items.length > 0,
  answer_supervision: (matter, work) => hasOrder(matter, work, ['open']),
  evaluate_supervision: (matter, work) => hasOrder(matter, work, ['open', 'answered']),
  mark_urgent: (matter) => !matter.ticket.urgent,
  mark_major: (matter) => !matter.ticket.major,
  keep_secret: (matter) => !matter.ticket.confidential,
  unmark_urgent: (matter) => matter.ticket.urgent && matter.ticket.emergency === null,
  unmark_major: (matter) => matter.ticket.major,
  unmark_emergency: (matter) => matter.ticket.emergency !== null,
  lift_secrecy: (matter) => matter.ticket.confidential,
  clear_accused: (matter) => Boolean(matter.ticket.accused_unit || matter.ticket.accused_person),
  approve_result: (matter, work) => checksOf(matter, work).includes('leader_approval') && !work?.approved_by,
  take_higher: (matter) => texts(topic(rulesOf(matter.ticket.pack_version), 'unsolvable').then).length > 0,
  publish_reply: (matter) => answeredInPublic(matter) && !matter.ticket.confidential,
  report_common: answeredInPublic,
  remind: (_matter, work) => work?.light !== 'red',
  urge: (matter, work) => work?.light === 'red' || topic(rulesOf(matter.ticket.pack_version), 'urge').when === 'time_nodes',
}

function answeredInPublic(matter: Matter): boolean {
  return Boolean(topic(rulesOf(matter.ticket.pack_version), 'reply').common_problem)
}

function hasOrder(matter: Matter, work: Work | null, statuses: readonly string[]): boolean {
  return matter.orders.some(
    (one) => one.kind === 'supervise' && one.work_id === work?.work_id && statuses.includes(one.status),
  )
}

/** The verbs worth offering, the foremost first. */
export function offered(matter: Matter, work: Work | null): readonly string[] {
  const open = matter.verbs[work?.work_id ?? 'ticket'] ?? []
  const useful = open.filter((verb) => verb in FORMS && (ONLY_WITH[verb]?.(matter, work) ?? true))
  const place = (verb: string): number => (FOREMOST.includes(verb) ? FOREMOST.indexOf(verb) : FOREMOST.length)
  return [...new Set(useful)].sort((one, other) => place(one) - place(other))
}

/** What the regulation wants to see in a report of this work, article by article. */
export function checksOf(matter: Matter, work: Work | null): readonly string[] {
  const rules = rulesOf(matter.ticket.pack_version)
  const checks = texts(topic(rules, 'report').checks)
  /** Approved by the leader's own account already. */
  const left = work?.approved_by ? checks.filter((one) => one !== 'leader_approval') : checks
  const unitAnswers = topic(rules, 'reply').by === 'unit' && work?.role === 'lead' && !work.parent_id && !matter.ticket.no_reply
  return unitAnswers ? [...left, 'caller_answered'] : left
}

/** What a form begins with: the centre reads the lead unit's proposal before it becomes the reply. */
export function begunWith(verb: string, matter: Matter): Given {
  if (verb !== 'pass_review') return {}
  const lead = matter.works.find((one) => one.role === 'lead' && !one.parent_id)
  const reports = matter.reports.filter((one) => one.work_id === lead?.work_id)
  const newest = reports.reduce<(typeof reports)[number] | undefined>(
    (one, other) => (one && one.filed_at >= other.filed_at ? one : other),
    undefined,
  )
  return newest?.public_reply ? { public_reply: newest.public_reply } : {}
}

/** The fields to show for a verb now. */
export function fieldsOf(verb: string, phase: string, checks: readonly string[]): readonly Field[] {
  return (FORMS[verb] ?? []).filter(
    (field) => (!field.phases || field.phases.includes(phase)) && (!field.check || checks.includes(field.check)),
  )
}

export type Given = Record<string, unknown>

function empty(value: unknown): boolean {
  if (value === null || value === undefined || value === false) return true
  if (typeof value === 'string') return value.trim() === ''
  if (Array.isArray(value)) return value.length === 0
  if (value instanceof Date) return false
  return typeof value === 'object' && Object.keys(value).length === 0
}

/** What was filled in; empty fields are left out. */
export function givenFrom(fields: readonly Field[], values: Given): Given {
  const said: Given = {}
  for (const field of fields) {
    const value = values[field.name]
    if (empty(value) && !(['flag', 'choice'].includes(field.kind) && typeof value === 'boolean')) continue
    said[field.name] = typeof value === 'string' ? value.trim() : value
  }
  return said
}

export function missing(fields: readonly Field[], given: Given): readonly Field[] {
  return fields.filter((field) => field.required && empty(given[field.name]))
}
