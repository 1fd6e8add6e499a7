/** The choices of a form's field: codes with the words for them. */
import type { Matter, RuleValue, Work } from '@/api/matter'
import { unitName } from '@/desk/dictionary'
import { locale, t, tMaybe } from '@/i18n'
import { dateTime } from '@/i18n/format'
import { rulePack, rulesOf, texts, topic, topics } from '@/matter/pack'
import type { Field, Source } from './forms'

export interface Choice {
  readonly value: string | number | boolean
  readonly label: string
}

const OUTCOMES = ['satisfied', 'basically_satisfied', 'dissatisfied', 'no_opinion', 'unreachable']
const GROUNDS = ['overdue', 'refuses_to_accept', 'unsolved', 'bad_influence', 'objection', 'leader_assigned', 'other']
const EFFECTS = ['ordinary', 'some_effect', 'major_effect']
const FORMS = ['daily', 'listed', 'interview', 'on_site']

/** The word for a code of the workflow. */
export function word(code: string): string {
  for (const family of ['choice', 'outcome', 'mode', 'duty', 'origin']) {
    const found = tMaybe(`${family}.${code}`, '')
    if (found) return found
  }
  return code
}

/** A verb as a button or a title says it: English ones begin with a capital. */
export function verbName(verb: string): string {
  const name = tMaybe(`verb.${verb}`, verb)
  return name.charAt(0).toUpperCase() + name.slice(1)
}

const coded = (codes: readonly string[]): Choice[] => codes.map((code) => ({ value: code, label: word(code) }))

function titled(table: Readonly<Record<string, RuleValue>>): Choice {
  const text = String((locale.value === 'zh' ? table.zh : table.en) ?? table.zh ?? table.code)
  return { value: String(table.code), label: `${String(table.code)} ${text}` }
}

export function choicesOf(field: Field, matter: Matter, work: Work | null, values: Record<string, unknown>): Choice[] {
  if (Array.isArray(field.from)) return coded(field.from as string[])
  const rules = rulesOf(matter.ticket.pack_version)
  const supervise = topic(rules, 'supervise')
  const orders = (statuses: string[]): Choice[] =>
    matter.orders
      .filter((one) => one.kind === 'supervise' && one.work_id === work?.work_id && statuses.includes(one.status))
      .map((one) => ({ value: one.order_id, label: `${dateTime(one.issued_at)} ${one.opinion}` }))
  const sources: Record<Source, () => Choice[]> = {
    outcomes: () => coded(OUTCOMES),
    not_accept: () => topics(rules, 'not_accept').map(titled),
    refusals: () => [
      ...topics(rules, 'not_accept').map(titled),
      ...coded([
        ...(topic(rules, 'emergency').accepted === false ? ['EMERGENCY'] : []),
        ...(topic(rules, 'repeat').src ? ['REPEAT'] : []),
      ]),
    ],
    yes_no: () => [
      { value: true, label: t('choice.yes') },
      { value: false, label: t('choice.no') },
    ],
    accused: () => coded((['accused_unit', 'accused_person'] as const).filter((one) => matter.ticket[one])),
    grounds: () => topics(rules, 'ground').map(titled),
    terminate: () => coded(texts(topic(rules, 'terminate').grounds)),
    supervise: () => coded(texts(supervise.when).length > 0 ? texts(supervise.when) : GROUNDS),
    forms: () => {
      const own = Array.isArray(supervise.kinds) ? (supervise.kinds as Record<string, RuleValue>[]) : []
      return own.length > 0 ? own.map(titled) : coded(FORMS)
    },
    duties: () =>
      matter.duties
        .filter((one) => one.status === 'open')
        .map((one) => ({ value: one.duty_id, label: `${word(one.act)} ${unitName(one.unit_id)}` })),
    confirm: () => {
      const duty = matter.duties.find((one) => one.duty_id === values.duty)
      return coded(duty?.confirm ?? [])
    },
    orders_open: () => orders(['open']),
    orders: () => orders(['open', 'answered']),
    meetings: () =>
      matter.meetings.map((one) => ({ value: one.meeting_id, label: `${dateTime(one.at)} ${one.place}` })),
    items: () => matter.items.map((one) => ({ value: one.ordinal, label: `${one.ordinal}. ${one.text}` })),
    effects: () => {
      const act = matter.duties.find((one) => one.duty_id === values.duty)?.act
      const steps = act === 'circular_criticism' ? topic(rules, 'circular') : {}
      return EFFECTS.filter((one) => steps[one]).map((one) => ({ value: one, label: `${tMaybe(`rule.${one}`, one)}: ${String(steps[one])}` }))
    },
    higher_bodies: () => texts(topic(rules, 'unsolvable').then).map((one) => ({ value: one, label: one })),
    editions: () =>
      (rulePack.value?.versions ?? [])
        .filter((one) => one.id !== matter.ticket.pack_version)
        .map((one) => ({ value: one.id, label: one.effective ? `${one.id} (${one.effective})` : one.id })),
    attachments: () => (work?.attachments ?? []).map((one) => ({ value: one, label: one })),
  }
  return field.from ? sources[field.from as Source]() : []
}
