/** The words of a due date's explanation. */
import type { Light, TraceDay } from '@/api/matter'
import { tMaybe } from '@/i18n'

const WORDS: Readonly<Record<string, string>> = {
  'working day': 'why.working_day',
  'make-up working day': 'why.make_up_working_day',
  weekend: 'why.weekend',
  holiday: 'why.holiday',
  'public holiday': 'why.holiday',
  'natural day': 'why.calendar_day',
}

export function whyText(day: TraceDay): string {
  const words = day.why.split(', ').map((part) => tMaybe(WORDS[part] ?? '', part))
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
