/** The words of a due date's explanation. */
import type { Light, TraceDay } from '@/api/matter'
import { tMaybe } from '@/i18n'

/** What the server says about a count, in its own words (they are the same in `hotline due --json`), and our text. */
const SAID: readonly (readonly [RegExp, string])[] = [
  [/^working day$/, 'why.working_day'],
  [/^make-up working day$/, 'why.make_up_working_day'],
  [/^weekend$/, 'why.weekend'],
  [/^(?:public )?holiday$/, 'why.holiday'],
  [/^natural day$/, 'why.calendar_day'],
  [/^by weekday$/, 'why.by_weekday'],
  [/^the calendar of (?<year>\d+) is not loaded$/, 'why.no_calendar'],
  [/^the last day moves on$/, 'why.moves_on'],
  [/^paused: (?<why>.+)$/, 'why.paused'],
  [/^(?<n>\d+) hours? on the wall clock$/, 'why.hours'],
  [/^(?<n>\d+) minutes? on the wall clock$/, 'why.minutes'],
  [/^the regulation sets no limit for this \(.+\)$/, 'why.no_limit'],
  [/^answered on the spot$/, 'why.on_the_spot'],
  [/^the centre sets the limit at dispatch$/, 'why.centre_sets'],
  [/^another rule holds: (?<rule>.+)$/, 'why.other_rule'],
  [/^the regulation names (?<n>\d+) \(.+\); (?<given>\d+) were given without a legal basis$/, 'why.no_basis'],
  [/^the law's (?<given>\d+) working days are not longer, so the regulation's (?<n>\d+) stand$/, 'why.not_longer'],
  [/^no later than the unit above$/, 'why.unit_above'],
  [/^the unit above named the days$/, 'why.unit_above_days'],
  [/^the regulation says nothing about a law's own limit; the law named holds$/, 'why.law_holds'],
]

/** One of the server's phrases in the reader's language; what is not known is shown as it came. */
export function said(words: string): string {
  for (const [pattern, key] of SAID) {
    const match = pattern.exec(words)
    if (match) return tMaybe(key, words, match.groups ?? {})
  }
  return words
}

export function whyText(day: TraceDay): string {
  const words = day.why.split(', ').map(said)
  if (day.holiday) words.push(day.holiday)
  return words.join(' · ')
}

export interface ShownDay {
  readonly date: string
  readonly day: number | null
  readonly why: string
}

/** Counted and skipped days in one calendar order. */
export function daysInOrder(counted: readonly TraceDay[], skipped: readonly TraceDay[]): readonly ShownDay[] {
  return [...counted, ...skipped]
    .map((day) => ({ date: day.date, day: day.day, why: whyText(day) }))
    .sort((one, other) => one.date.localeCompare(other.date))
}

/** Whole days between two instants; negative when `due` has passed. */
export function daysLeft(due: string, now: number): number {
  return Math.trunc((new Date(due).getTime() - now) / 86_400_000)
}

/** What a list knows of a ticket's limit. */
export interface Limited {
  readonly status: string
  readonly due_at: string | null
  readonly yellow_from?: string | null
}

/** Statuses in which nobody owes anything any more. */
const SETTLED: ReadonlySet<string> = new Set([
  'answered',
  'guided',
  'referred',
  'not_accepted',
  'callback',
  'closed',
  'upheld',
  'merged',
  'archived',
  'terminated',
])

/** The light of a ticket in a list; null where nothing is due. */
export function lightOf(ticket: Limited, now: number = Date.now()): Light | null {
  if (ticket.due_at === null || SETTLED.has(ticket.status)) return null
  if (now > new Date(ticket.due_at).getTime()) return 'red'
  return ticket.yellow_from && now >= new Date(ticket.yellow_from).getTime() ? 'yellow' : 'green'
}
