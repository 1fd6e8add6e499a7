/** What the HTTP API gives and takes, beyond the live messages. */
import type { Card, Draft } from '@/generated/live'
import type { SipAccount } from '@/phone/softphone'

export type { AgentState, CallState, Card, CardTicket, Draft, EarlierCall } from '@/generated/live'

export interface User {
  readonly user_id: string
  readonly username: string
  readonly display_name: string
  readonly roles: readonly string[]
  readonly permissions: readonly string[]
}

export interface Reason {
  readonly code: string
  readonly zh: string
  readonly en: string
  readonly system: boolean
}

export interface Me {
  readonly user: User
  readonly agent: {
    readonly agent_id: string
    readonly extension: string
    readonly display_name: string
    readonly kind: 'web' | 'phone'
  } | null
  readonly sip: (SipAccount & { readonly extension: string }) | null
  readonly city: { readonly code: string; readonly name: string }
  readonly demo: boolean
  readonly reasons: readonly Reason[]
  readonly wrap_up_seconds: number
  readonly live_path: string
}

export interface LoginAnswer {
  readonly user: User
}

export interface CardAnswer {
  readonly card: Card
}

export interface DraftAnswer {
  readonly draft: Draft
}

export interface CallRecording {
  readonly recording_id: string
  readonly kind: string
  readonly state: string
  readonly problem: string | null
  readonly seconds: number | null
}

export interface CallRow {
  readonly contact_id: string
  readonly call_id: string
  readonly number: string
  readonly number_masked: string
  readonly number_shown: string
  readonly number_kind: string
  readonly place: string | null
  readonly queue: string | null
  readonly menu_path: string
  readonly menu_labels: readonly string[]
  readonly arrived_at: string
  readonly queued_at: string | null
  readonly answered_at: string | null
  readonly ended_at: string | null
  readonly agent_id: string | null
  readonly agent_name: string | null
  readonly wait_seconds: number | null
  readonly talk_seconds: number | null
  readonly end_reason: string | null
  readonly recording_id: string | null
  readonly recording_state: string | null
  readonly recordings: readonly CallRecording[]
}

export interface CallPage {
  readonly calls: readonly CallRow[]
  readonly next_cursor: string | null
}

export interface CallDetail {
  readonly call: CallRow
  readonly tickets: readonly {
    readonly ticket_id: string
    readonly number: string
    readonly title: string
    readonly status: string
  }[]
}

export interface Recording {
  readonly recording_id: string
  readonly contact_id: string
  readonly kind: 'call' | 'voicemail'
  readonly state: string
  readonly problem: string | null
  readonly seconds: number | null
  readonly channels: number | null
  readonly format: string | null
  readonly sha256: string | null
  readonly transcript_state: string
}

export interface RecordingAnswer {
  readonly recording: Recording
}

export interface Peaks {
  readonly seconds: number
  readonly points_per_second: number
  readonly peaks: Readonly<Record<string, readonly number[]>>
}

export interface Segment {
  readonly leg: 'citizen' | 'other'
  readonly start: number
  readonly end: number
  readonly text: string
  readonly conf: number | null
}

export interface Transcript {
  readonly state: string
  readonly problem: string | null
  readonly segments: readonly Segment[]
}

export interface DemoLogin {
  readonly username: string
  readonly password: string
  readonly display_name: string
}

export interface Welcome {
  readonly city: { readonly code: string; readonly name: string }
  readonly demo: boolean
  readonly logins: readonly DemoLogin[]
}

export interface DemoPhone {
  readonly sip: SipAccount & { readonly extension: string }
  readonly dial: string
}

export interface Ticket {
  readonly ticket_id: string
  readonly number: string
  readonly status: string
  readonly kind: string
  readonly category: string
  readonly title: string
  readonly text: string
  readonly place: string
  readonly caller_name: string
  readonly caller_number: string
  readonly caller_masked: boolean
  readonly contact_id: string | null
  readonly confidential: boolean
  readonly created_by: string
  readonly created_by_name: string
  readonly created_at: string
  readonly updated_at: string
  readonly version: number
  readonly due_at: string | null
  readonly unit: string | null
}

export interface TicketAnswer {
  readonly ticket: Ticket
}

export interface TicketPage {
  readonly tickets: readonly Ticket[]
  readonly next_cursor: string | null
}

export interface HistoryLine {
  readonly entry_id: number
  readonly at: string
  readonly by: string
  readonly by_name: string
  readonly verb: string
  readonly body: Readonly<Record<string, unknown>>
}

export interface Label {
  readonly code: string
  readonly zh: string
  readonly en: string
}

export interface Category extends Label {
  readonly children: readonly Category[]
}

export interface Dictionary {
  readonly kinds: readonly Label[]
  readonly statuses: readonly Label[]
  readonly categories: readonly Category[]
}
