/** What the HTTP API gives about the work on a ticket. */
import type { Ticket } from './types'

export type Light = 'green' | 'yellow' | 'red'

export interface TraceDay {
  readonly date: string
  readonly day: number | null
  readonly why: string
  readonly holiday?: string | null
}

export interface DueStep {
  readonly due: string | null
  readonly target: string | null
  readonly provisional: boolean
  readonly article: string | null
  readonly trace: readonly TraceDay[]
  readonly skipped: readonly TraceDay[]
}

export interface Explanation extends DueStep {
  readonly note: string | null
  readonly version: string
  readonly start: string | null
  readonly steps: readonly DueStep[]
  readonly conventions: Readonly<Record<string, string>>
}

export interface Work {
  readonly work_id: string
  readonly approved_by: string | null
  readonly parent_id: string | null
  readonly unit_id: string
  readonly role: string
  readonly depth: number
  readonly status: string
  readonly mode: string | null
  readonly items: readonly number[]
  readonly attachments: readonly string[]
  readonly delivered_at: string
  readonly signed_at: string | null
  readonly reported_at: string | null
  readonly ended_at: string | null
  readonly due_at: string | null
  readonly sign_due_at: string | null
  readonly provisional: boolean
  readonly extensions: number
  readonly locked: string | null
  readonly overdue: boolean
  readonly redone: number
  readonly account_asked_at: string | null
  readonly account: string | null
  readonly light: Light | null
  readonly explanation: Explanation | null
}

export interface MatterItem {
  readonly ordinal: number
  readonly text: string
  readonly result: string | null
  readonly evidence: string | null
  readonly law_basis: string | null
  readonly resolved: boolean | null
  readonly by_unit: string | null
}

export interface WorkRequest {
  readonly request_id: string
  readonly work_id: string
  readonly kind: string
  readonly reason: string
  readonly days: number | null
  readonly status: string
  readonly filed_at: string
  readonly decided_at: string | null
  readonly ruling: string | null
}

export interface Order {
  readonly order_id: string
  readonly work_id: string | null
  readonly unit_id: string
  readonly kind: string
  readonly form: string | null
  readonly ground: string | null
  readonly opinion: string
  readonly status: string
  readonly issued_at: string
  readonly due_at: string | null
  readonly answer: string | null
  readonly evaluation: string | null
}

export interface Report {
  readonly report_id: string
  readonly work_id: string
  readonly filed_at: string
  readonly result: string
  readonly public_reply: string
  readonly resolved: boolean | null
  readonly body: { readonly answered_via?: string; readonly answered_note?: string }
}

export interface Duty {
  readonly duty_id: string
  readonly act: string
  readonly unit_id: string | null
  readonly mandatory: boolean
  readonly confirm: readonly string[]
  readonly src: readonly string[]
  readonly why: string
  readonly status: string
  readonly created_at: string
  readonly note: string | null
}

export interface Opinion {
  readonly opinion_id: string
  readonly at: string
  readonly source: string
  readonly outcome: string
  readonly solved: boolean | null
  readonly contacted: boolean | null
  readonly note: string
}

export interface Meeting {
  readonly meeting_id: string
  readonly place: string
  readonly at: string
  readonly units: readonly string[]
  readonly attendance: Readonly<Record<string, string>>
}

export interface EmergencyReport {
  readonly stage: string | null
  readonly to: string
  readonly note: string | null
  readonly at: string
}

/** The ticket as the ticket room tells it: more than the desk's own form holds. */
export interface MatterTicket extends Omit<Ticket, 'created_by_name' | 'caller_masked'> {
  readonly phase: string
  readonly pack_version: string
  readonly origin: string
  readonly citizen_due_at: string | null
  readonly wake_at: string | null
  readonly urgent: boolean
  readonly major: boolean
  readonly emergency: string | null
  readonly leader_assigned: boolean
  readonly accused_unit: string | null
  readonly accused_person: string | null
  readonly no_reply: boolean
  readonly public_reply: string
  readonly attachments: readonly string[]
  readonly light: Light | null
}

export interface Matter {
  readonly ticket: MatterTicket
  readonly works: readonly Work[]
  readonly items: readonly MatterItem[]
  readonly requests: readonly WorkRequest[]
  readonly orders: readonly Order[]
  readonly reports: readonly Report[]
  readonly duties: readonly Duty[]
  readonly opinions: readonly Opinion[]
  readonly meetings: readonly Meeting[]
  /** The chain of reports of an emergency, oldest first. */
  readonly emergency_reports: readonly EmergencyReport[]
  readonly same_matter: readonly { readonly ticket_id: string; readonly number: string; readonly status: string }[]
  /** Verbs open to the visitor: under `ticket`, and under each work's id. */
  readonly verbs: Readonly<Record<string, readonly string[]>>
}

export interface MatterAnswer {
  readonly matter: Matter
}

export interface InboxWork {
  readonly work_id: string
  readonly status: string
  readonly role: string
  readonly unit_id: string
  readonly delivered_at: string
  readonly due_at: string | null
  readonly sign_due_at: string | null
  readonly light: Light | null
  readonly account_asked: boolean
  readonly supervised: boolean
  readonly ticket: Ticket
}

export interface InboxPage {
  readonly works: readonly InboxWork[]
  readonly next_cursor: string | null
}

export interface Paper {
  readonly paper_id: number
  readonly kind: string
  readonly zh: string
  readonly en: string
  readonly number: string
  readonly at: string
  readonly by_name: string
}

export interface Suggestion {
  readonly label: string
  readonly score: number
  readonly reasons: readonly string[]
}

export interface SuggestionTarget {
  readonly source: string
  readonly suggestions: readonly Suggestion[]
}

export interface SuggestionsAnswer {
  readonly category: SuggestionTarget
  readonly unit: SuggestionTarget
  readonly urgency: SuggestionTarget
}

export interface Alike {
  readonly ticket: Ticket
  readonly score: number
  readonly same_caller: boolean
  readonly shared_place: string
}

export interface FoundAnswer {
  readonly total: number
  readonly found: readonly { readonly ticket: Ticket; readonly score: number }[]
  readonly next_cursor: string | null
}

export type RuleValue = string | number | boolean | null | readonly RuleValue[] | { readonly [key: string]: RuleValue }
export type Rules = Readonly<Record<string, RuleValue>>

export interface RulePack {
  readonly city: string
  readonly name: string
  readonly sources: readonly { readonly id: string; readonly title: string; readonly articles: number | null }[]
  readonly versions: readonly {
    readonly id: string
    readonly effective: string | null
    readonly citation: string
    readonly rules: Rules
  }[]
}

export interface LedgerLine {
  readonly entry_id: number
  readonly ledger: string
  readonly ticket_id: string
  readonly at: string
  readonly by_name: string
  readonly verb: string
  readonly body: Readonly<Record<string, unknown>>
  readonly hash: string
}

export interface LedgerPage {
  readonly lines: readonly LedgerLine[]
  readonly next_cursor: string | null
}

export interface Break {
  readonly chain: number
  readonly position: number
  readonly entry_id: number | null
  readonly problem: string
}
