// Written by `npm run types` from agent_desktop/messages.py.  Do not edit.

/** Somebody else has set this agent's state: who, and why. */
export type Acted = {
  readonly v: 1
  readonly type: 'acted'
  readonly kind: 'ready' | 'not_ready' | 'log_out'
  /** The not-ready reason that was set. */
  readonly code: string
  readonly by: string
  readonly reason: string
  readonly at: string
}

/** The agent's state has changed. */
export type AgentMessage = {
  readonly v: 1
  readonly type: 'agent'
  readonly agent: AgentState
}

/** The agent's own state. */
export type AgentState = {
  readonly agent_id: string
  readonly state: 'logged_out' | 'ready' | 'not_ready' | 'ringing' | 'talking' | 'held' | 'consulting' | 'three_way' | 'wrap_up' | 'supervising' | 'phone_lost'
  readonly reason: string | null
  readonly since: string
  /** When wrap-up ends by itself, or a break is over. */
  readonly until: string | null
  /** Asked for during a call or wrap-up: not ready for this reason afterwards. */
  readonly next_reason?: string | null
  /** Wrap-up may be ended before its time. */
  readonly ends_early?: boolean
  /** There is wrap-up only if asked for during the call. */
  readonly may_ask_wrap_up?: boolean
  /** In the middle of a call the phone cannot be reached. */
  readonly lost?: boolean
}

/** The agent's call has changed; null when it is over and wrapped up. */
export type CallMessage = {
  readonly v: 1
  readonly type: 'call'
  readonly call: CallState | null
}

/** The agent's current call; it stays, ended, through wrap-up. */
export type CallState = {
  readonly call_id: string
  readonly contact_id: string | null
  readonly state: 'ringing' | 'talking' | 'held' | 'ended'
  readonly since: string
  readonly answered_at: string | null
  readonly caller_number: string | null
  readonly queue: string | null
  readonly outgoing?: boolean
  /** Where the conversation stands, see cti/conversation.py. */
  readonly phase?: string
  readonly parties?: readonly (PartyState)[]
  /** What the agent can do with it now. */
  readonly verbs?: readonly (string)[]
  readonly gone?: PartyGone | null
  /** Why a citizen who was in an agent's hands waits again. */
  readonly note?: string
}

/** Words of the citizen.  Until it is final, the sentence ``seq`` is replaced by the next message about it. */
export type Caption = {
  readonly v: 1
  readonly type: 'caption'
  readonly contact_id: string
  readonly seq: number
  readonly start: number
  readonly end: number
  readonly text: string
  readonly final: boolean
}

/** One sentence of the citizen. */
export type CaptionLine = {
  readonly seq: number
  /** Seconds since the captions began. */
  readonly start: number
  readonly end: number
  readonly text: string
}

/** Whether a call is written along, and what was said so far: when it begins, stops, or a page opens. */
export type Captions = {
  readonly v: 1
  readonly type: 'captions'
  readonly contact_id: string
  readonly state: 'on' | 'off'
  /** Why they are off. */
  readonly reason: 'switched_off' | 'no_model' | 'starting' | 'too_many' | 'too_slow' | 'failed' | 'no_link' | null
  readonly began_at: string
  readonly lines: readonly (CaptionLine)[]
}

/** Who is calling, as far as we know before answering. */
export type Card = {
  readonly contact_id: string
  /** Canonical key of the number; empty when the caller hides it. */
  readonly number: string
  readonly number_masked: string
  readonly number_shown: string
  /** mobile, landline, extension or anonymous */
  readonly number_kind: string
  /** Where the number belongs, by its area code. */
  readonly place: string | null
  /** The name given at the last call or ticket. */
  readonly name: string | null
  readonly menu_path: string
  readonly menu_labels: readonly (MenuLabel)[]
  /** Waiting time up to the moment the card was made. */
  readonly waited_seconds: number | null
  readonly queue: string | null
  readonly queued_at: string | null
  readonly earlier_calls: readonly (EarlierCall)[]
  /** Open ones first, then the newest. */
  readonly tickets: readonly (CardTicket)[]
  /** Calls of this number in the last 30 days, this one not counted. */
  readonly repeat_count: number
  /** As many calls as the city's form.toml warns from. */
  readonly repeat_warning: boolean
  /** The caller asked before to stay unknown. */
  readonly confidential: boolean
  /** Confidential tickets that this person is not shown. */
  readonly hidden_tickets: number
  readonly nearby: readonly (NearbyTicket)[]
  readonly marks: readonly (CardMark)[]
  /** Why a citizen who was in an agent's hands waits again. */
  readonly note?: string
  /** The database could not be read; only the number is known. */
  readonly incomplete?: boolean
}

/** What the ledger of callers says about the number. */
export type CardMark = {
  /** nuisance, or a care code of the city's form.toml. */
  readonly kind: string
  readonly zh: string
  readonly en: string
  readonly times: number
  /** Somebody else than the marker has confirmed it. */
  readonly confirmed: boolean
  readonly last_at: string
  readonly note: string
}

/** One ticket of the same number, as little as the card shows. */
export type CardTicket = {
  readonly ticket_id: string
  readonly number: string
  readonly title: string
  readonly status: string
  readonly open: boolean
  readonly category: string | null
  readonly created_at: string
}

/** The client's first message. */
export type ClientHello = {
  readonly v: 1
  readonly type: 'hello'
  readonly tab?: string | null
}

export type ClientMessage = ClientHello | ClientPhone | ClientTakeOver | ClientPong | ClientQuality | ClientWatch

/** What this tab's softphone is doing. */
export type ClientPhone = {
  readonly v: 1
  readonly type: 'phone'
  readonly registered: boolean
  /** It rings or talks. */
  readonly in_call?: boolean
}

/** Answer to ping. */
export type ClientPong = {
  readonly v: 1
  readonly type: 'pong'
}

/** How good the line was in the last seconds of the agent's call, as the page measured it. */
export type ClientQuality = {
  readonly v: 1
  readonly type: 'quality'
  readonly contact_id: string
  readonly seconds: number
  readonly rtt_ms: number | null
  readonly rtt_ms_max: number | null
  readonly jitter_ms: number
  readonly jitter_ms_max: number
  readonly loss: number
  readonly loss_max: number
  readonly mos: number
  readonly mos_min: number
  readonly warnings: readonly ('rtt' | 'jitter' | 'loss' | 'mos' | 'silent')[]
}

/** Make this tab the active one. */
export type ClientTakeOver = {
  readonly v: 1
  readonly type: 'take_over'
}

/** What of the floor this page shows now; for whoever may see it. */
export type ClientWatch = {
  readonly v: 1
  readonly type: 'watch'
  readonly floor: 'off' | 'floor' | 'wall'
}

/** The ticket form as last saved. */
export type Draft = {
  readonly contact_id: string
  readonly body: Readonly<Record<string, unknown>>
  readonly version: number
  readonly saved_at?: string | null
}

/** One earlier call of the same number. */
export type EarlierCall = {
  readonly contact_id: string
  readonly arrived_at: string
  readonly agent_name: string | null
  readonly end_reason: string | null
  /** Talking time. */
  readonly seconds: number | null
  readonly has_recording: boolean
}

/** One agent who is logged in. */
export type FloorAgent = {
  readonly agent_id: string
  readonly name: string
  readonly extension: string
  readonly queues: readonly (string)[]
  readonly state: string
  readonly reason: string | null
  readonly since: string
  /** When wrap-up or a break is over. */
  readonly until: string | null
  readonly next_reason: string | null
  readonly lost: boolean
  /** The call in hand. */
  readonly contact_id: string | null
  readonly ears: readonly (FloorEar)[]
}

/** Since midnight, or of a quarter of an hour; by when calls came in.  Shares from 0 to 1, times in seconds; null where there is nothing to divide by. */
export type FloorCounts = {
  readonly offered: number
  readonly answered: number
  /** Answered within service_seconds. */
  readonly within: number
  /** Hung up while waiting, the short ones included. */
  readonly abandoned: number
  /** Hung up within short_abandon_seconds. */
  readonly short: number
  /** Left the queue for a message. */
  readonly left: number
  readonly service_level: number | null
  /** Answered of all but the short abandons. */
  readonly connect_rate: number | null
  /** Answered of all. */
  readonly connect_rate_all: number | null
  readonly asa: number | null
  readonly abandon_wait: number | null
  readonly longest_wait: number | null
  /** Talk, hold and wrap-up. */
  readonly aht: number | null
  readonly handled: number
}

/** A supervisor at an agent's call. */
export type FloorEar = {
  readonly act_id: string
  readonly by: string
  readonly by_name: string
  /** Null: the supervisor's phone is called. */
  readonly mode: 'listen' | 'whisper' | 'barge' | null
  readonly since: string
}

/** The settings the figures were made with. */
export type FloorLimits = {
  readonly service_seconds: number
  readonly short_abandon_seconds: number
  readonly service_formula: Formula
  readonly floor_waiting_yellow: number
  readonly floor_waiting_red: number
  readonly floor_wait_yellow_seconds: number
  readonly floor_wait_red_seconds: number
  readonly floor_level_yellow: number
  readonly floor_level_red: number
}

/** The whole floor; sent when the page asks for it and after each change, at most a few times a second. */
export type FloorMessage = {
  readonly v: 1
  readonly type: 'floor'
  readonly now: string
  /** The office's midnight; null while the day is still being read. */
  readonly begins: string | null
  readonly queues: readonly (FloorQueue)[]
  readonly agents: readonly (FloorAgent)[]
  readonly waiting: readonly (FloorWaiter)[]
  /** How many agents are in which state, in all queues. */
  readonly states: Readonly<Record<string, number>>
  readonly today: FloorCounts | null
  readonly quarters: readonly (FloorQuarter)[]
  readonly staffing: FloorStaffing | null
  readonly limits: FloorLimits
}

export type FloorQuarter = {
  readonly at: string
  readonly counts: FloorCounts
}

/** One queue now. */
export type FloorQueue = {
  readonly queue: string
  readonly waiting: number
  /** Since when its first caller waits. */
  readonly first_since: string | null
  /** How many of its agents are in which state. */
  readonly states: Readonly<Record<string, number>>
  readonly today: FloorCounts | null
}

/** Erlang C for the next half hour, if it brings what the last one brought.  Assumes that nobody hangs up: in overload it asks for more people than are needed. */
export type FloorStaffing = {
  /** Came in the last half hour. */
  readonly calls: number
  readonly aht: number
  /** On calls or ready for them now. */
  readonly agents: number
  readonly needed: number
  /** Service level to expect with the agents there are. */
  readonly level: number
  readonly goal: number
  /** Share of their time; 1 and more is too much for them. */
  readonly occupancy: number
}

/** One caller who waits. */
export type FloorWaiter = {
  readonly contact_id: string
  readonly queue: string
  readonly position: number
  readonly number_masked: string
  readonly since: string
  /** What was chosen in the voice menu, zh and en. */
  readonly menu: readonly (Readonly<Record<string, string>>)[]
  /** Why a citizen who was in an agent's hands waits again. */
  readonly note: string
}

/** The five service levels in use (callcentrehelper.com, article 206890).  A answered, B abandoned; T: within the target time; s: short. */
export type Formula = 'answered_or_gone' | 'of_answered' | 'of_all' | 'late_abandons' | 'short_as_answered'

/** The full picture: the first message, and again when a waiting tab becomes the active one. */
export type Hello = {
  readonly v: 1
  readonly type: 'hello'
  /** Keep it in sessionStorage and send it with the next hello: a reload then takes over. */
  readonly tab: string
  /** False: the desk is open in another tab; send take_over to use this one. */
  readonly active: boolean
  readonly agent: AgentState | null
  readonly call: CallState | null
  readonly card: Card | null
  readonly draft: Draft | null
  /** Of the call; None when it was never written along. */
  readonly captions?: Captions | null
  readonly ami: boolean
  /** The server's clock, for timers. */
  readonly now: string
}

/** Whether the switch can be reached. */
export type Link = {
  readonly v: 1
  readonly type: 'link'
  readonly ami: boolean
}

/** What a key of the voice menu means. */
export type MenuLabel = {
  readonly zh: string
  readonly en: string
}

/** A ticket of somebody else that may be the same matter as one of this caller's, at the same place. */
export type NearbyTicket = {
  readonly ticket_id: string
  readonly number: string
  readonly title: string
  readonly status: string
  /** The name both texts give. */
  readonly place: string
  readonly created_at: string
}

/** Who left the call last of those called in addition. */
export type PartyGone = {
  readonly number: string
  readonly name: string
  /** completed, or why it was not reached: busy, no-answer, rejected, failed… */
  readonly reason: string
  readonly at: string
}

/** One telephone of the call. */
export type PartyState = {
  /** Its id, for taking it off the line. */
  readonly party: string
  readonly kind: 'citizen' | 'agent' | 'colleague' | 'unit'
  /** Whom the office called; empty for the citizen, whose number the card has. */
  readonly number: string
  /** From the duty roster or the list of agents; empty when neither knows the number. */
  readonly name: string
  readonly place: 'ringing' | 'alone' | 'music' | 'together'
}

/** Asks for a pong; a page that does not answer three in a row, in a call four that come every second, counts as gone. */
export type Ping = {
  readonly v: 1
  readonly type: 'ping'
}

/** A call rings at this agent. */
export type Pop = {
  readonly v: 1
  readonly type: 'pop'
  readonly call_id: string
  readonly card: Card
  readonly rang_at: string
}

/** The ring is over: reason answered, missed, abandoned, elsewhere. */
export type PopClosed = {
  readonly v: 1
  readonly type: 'pop_closed'
  readonly call_id: string
  readonly reason: string
}

/** The recording of a call of this agent can be played. */
export type RecordingReady = {
  readonly v: 1
  readonly type: 'recording_ready'
  readonly contact_id: string
  readonly recording_id: string
}

export type ServerMessage = Hello | AgentMessage | Pop | PopClosed | CallMessage | TakenOver | Link | Acted | FloorMessage | RecordingReady | Captions | Caption | Ping

/** Another tab has become the active one; the socket closes with 4001. */
export type TakenOver = {
  readonly v: 1
  readonly type: 'taken_over'
}
