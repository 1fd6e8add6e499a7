// Written by `npm run types` from agent_desktop/api/.  Do not edit.

/** What the caller wants the unit to account for. */
export type AccountIn = {
  readonly code: string
  readonly tail: string
  readonly text: string
}

export type ActStep = {
  readonly mode: 'listen' | 'whisper' | 'barge'
  readonly at: string
}

/** What this caller adds to a ticket that is there already. */
export type AdditionIn = {
  readonly ticket_id: string
  readonly text: string
}

/** The state after the switch has acknowledged; null while the switch does not know the agent. */
export type AgentAnswer = {
  readonly agent: AgentState | null
}

/** The person's agent's place. */
export type AgentInfo = {
  readonly agent_id: string
  readonly extension: string
  readonly display_name: string
  readonly kind: 'web' | 'phone'
}

export type AgentRef = {
  readonly agent_id: string
  readonly name: string
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
  readonly ends_early: boolean
  /** There is wrap-up only if asked for during the call. */
  readonly may_ask_wrap_up: boolean
  /** In the middle of a call the phone cannot be reached. */
  readonly lost: boolean
}

/** What callers said of one agent. */
export type AgentSurveyOut = {
  readonly agent_id: string
  readonly agent_name: string | null
  readonly asked: number
  readonly answered: number
  readonly average: number | null
  /** How often 1, 2, 3, 4 and 5 were given. */
  readonly scores: readonly (number)[]
}

export type AgentsAnswer = {
  readonly agents: readonly (AgentSurveyOut)[]
}

/** ``recording_id`` null: about all recordings (a full disk, no encoder). */
export type AlarmOut = {
  readonly alarm_id: string
  readonly kind: string
  readonly recording_id: string | null
  readonly raised_at: string
  readonly last_at: string
  readonly times: number
}

export type AlikeAnswer = {
  readonly tickets: readonly (AlikeOut)[]
}

/** A ticket that may be the same matter; ``shared_place`` is the name both texts give. */
export type AlikeOut = {
  readonly ticket: TicketOut
  readonly score: number
  readonly same_caller: boolean
  readonly shared_place: string
}

/** What is done about an article: sending back and withdrawing need a note; ``review_by`` goes with confirming. */
export type ArticleActIn = {
  readonly act: 'submit' | 'publish' | 'send_back' | 'withdraw' | 'confirm'
  readonly note: string
  readonly review_by?: string | null
}

export type ArticleAnswer = {
  readonly article: ArticleOut
  readonly history: readonly (ArticleLine)[]
}

/** An article as it is to be; ``version`` is the one it was changed from, 0 for a new one. */
export type ArticleIn = {
  readonly question: string
  readonly answer: string
  readonly read_out: string
  readonly unit?: string | null
  readonly category: string
  readonly keywords: string
  readonly valid_from?: string | null
  readonly valid_until?: string | null
  readonly review_by?: string | null
  readonly version: number
}

/** One line of the article's history. */
export type ArticleLine = {
  readonly at: string
  readonly by_name: string
  readonly verb: string
  readonly body: Readonly<Record<string, unknown>>
}

/** The copy being worked on; ``in_force`` is what agents find meanwhile, ``overdue`` that somebody has to look. */
export type ArticleOut = {
  readonly article_id: string
  readonly state: string
  readonly text: ArticleTextModel
  readonly in_force: ArticleTextModel | null
  readonly version: number
  readonly written_by_name: string
  readonly written_at: string
  readonly decided_by_name: string | null
  readonly decided_at: string | null
  readonly note: string
  /** Last written by the person who looks, who then cannot publish it. */
  readonly own: boolean
  readonly expired: boolean
  readonly overdue: boolean
}

/** What an article says.  ``read_out`` is said on the telephone; dates are the office's local dates. */
export type ArticleTextModel = {
  readonly question: string
  readonly answer: string
  readonly read_out: string
  readonly unit?: string | null
  readonly category: string
  readonly keywords: string
  readonly valid_from?: string | null
  readonly valid_until?: string | null
  readonly review_by?: string | null
}

export type ArticlesAnswer = {
  readonly articles: readonly (ArticleOut)[]
  readonly next_cursor: string | null
}

/** What was found about a unit, and the acts it leads to. */
export type AssessedFinding = {
  readonly unit: string
  readonly why: string
  readonly acts: readonly (string)[]
}

/** A mark of the regulation. */
export type AssessedMark = {
  /** A group of units, or `all`. */
  readonly group: string
  readonly indicator: string
  readonly at_least: number
  /** Units with fewer are not measured by it. */
  readonly min_tickets: number | null
  /** It holds only after this campaign. */
  readonly after: string | null
  readonly leads_to: readonly (string)[]
  readonly src: readonly (string)[]
}

/** Which period, and what the office adds to the figures. */
export type AssessmentIn = {
  readonly since: string
  readonly until: string
  /** The campaign that has just ended. */
  readonly campaign?: string | null
  /** Units from best to worst by the office's own scores. */
  readonly ranking: readonly (string)[]
}

/** An assessment that was run. */
export type AssessmentOut = {
  readonly assessment_id: number
  readonly at: string
  readonly by_name: string
  readonly since: string
  readonly until: string
  readonly campaign: string | null
  readonly findings: readonly (AssessedFinding)[]
}

/** Assessments, newest first. */
export type AssessmentPage = {
  readonly assessments: readonly (AssessmentOut)[]
  readonly next_cursor: number | null
}

export type AttachmentAnswer = {
  readonly attachment: AttachmentOut
}

/** A file; its bytes are at ``/attachments/<attachment_id>``. */
export type AttachmentOut = {
  readonly attachment_id: string
  readonly ticket_id: string
  readonly name: string
  /** Its type, found from its content. */
  readonly media: string
  /** Bytes. */
  readonly size: number
  readonly sha256: string
  readonly added_by_name: string
  readonly added_at: string
  /** The handling unit that added it; null: the office. */
  readonly unit_id: string | null
  /** May be shown in a page; others are saved. */
  readonly shown: boolean
}

export type AttachmentsAnswer = {
  readonly attachments: readonly (AttachmentOut)[]
  /** The visitor may add one now. */
  readonly may_add: boolean
}

/** A period's check, over the tickets that the visitor may count. */
export type BalanceAnswer = {
  readonly balanced: boolean
  readonly stock: StockOut
  readonly checks: readonly (CheckOut)[]
}

export type BargeIn = {
  readonly reason: string
}

/** A word with words below it. */
export type Branch = {
  readonly code: string
  readonly zh: string
  readonly en: string
  readonly children: readonly (Branch)[]
}

/** A place where a chain does not hold. */
export type BreakOut = {
  readonly chain: number
  readonly position: number
  readonly entry_id: number | null
  readonly problem: string
}

export type CalibrateIn = {
  readonly recording_id: string
  readonly reviewers: readonly (string)[]
  readonly agent_id?: string | null
}

/** A calibration as the person may see it: differences and others' scores once everybody has finished. */
export type CalibrationOut = {
  readonly calibration_id: string
  readonly recording_id: string
  readonly asked_by_name: string
  readonly asked_at: string
  /** User id → name. */
  readonly reviewers: Readonly<Record<string, string>>
  readonly finished: readonly (string)[]
  readonly reviews: readonly (ReviewOut)[]
  readonly differences: readonly (DifferenceOut)[] | null
  readonly spread: number | null
  readonly form: FormOut | null
}

export type CalibrationsOut = {
  readonly calibrations: readonly (CalibrationOut)[]
  readonly next_cursor: string | null
}

export type CallDetail = {
  readonly call: CallOut
  /** Written during this call, or added to in it. */
  readonly tickets: readonly (CallTicket)[]
  /** Recordings of what agent and unit said in private, while the citizen was on hold. */
  readonly consultations: readonly (CallRecording)[]
  /** To emergency services, oldest first. */
  readonly hand_overs: readonly (HandOverOut)[]
}

/** The call as it stands after the command; null when it is not the agent's any more. */
export type CallNow = {
  readonly call: CallState | null
}

/** One call; times are null where the call never got so far. */
export type CallOut = {
  readonly contact_id: string
  readonly call_id: string
  /** Canonical key; empty for a hidden number. */
  readonly number: string
  readonly number_masked: string
  readonly number_shown: string
  readonly number_kind: string
  readonly place: string | null
  readonly queue: string | null
  readonly menu_path: string
  readonly menu_labels: readonly (MenuLabel)[]
  readonly arrived_at: string
  readonly queued_at: string | null
  readonly answered_at: string | null
  readonly ended_at: string | null
  readonly agent_id: string | null
  readonly agent_name: string | null
  readonly wait_seconds: number | null
  readonly talk_seconds: number | null
  readonly end_reason: string | null
  /** The call's recording, or the voicemail where there is no call's. */
  readonly recording_id: string | null
  readonly recording_state: string | null
  readonly recordings: readonly (CallRecording)[]
  /** The caller asked to stay unknown: the number is masked for this person. */
  readonly caller_hidden: boolean
  /** How it turned out: a code of the form guide's tree. */
  readonly disposition: string | null
  readonly disposition_note: string
}

export type CallPage = {
  readonly calls: readonly (CallOut)[]
  readonly next_cursor: string | null
}

export type CallQuality = {
  /** Empty when nobody talked through a browser. */
  readonly lines: readonly (LineQualityOut)[]
}

export type CallRecording = {
  readonly recording_id: string
  readonly kind: string
  readonly state: string
  readonly problem: string | null
  readonly seconds: number | null
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
  readonly outgoing: boolean
  /** Where the conversation stands, see cti/conversation.py. */
  readonly phase: string
  readonly parties: readonly (PartyState)[]
  /** What the agent can do with it now. */
  readonly verbs: readonly (string)[]
  readonly gone?: PartyGone | null
  /** Why a citizen who was in an agent's hands waits again. */
  readonly note: string
}

export type CallTicket = {
  readonly ticket_id: string
  readonly number: string
  readonly title: string
  readonly status: string
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
  readonly note: string
  /** The database could not be read; only the number is known. */
  readonly incomplete: boolean
}

export type CardAnswer = {
  readonly card: Card
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

export type CategoryOut = {
  readonly code: string
  readonly zh: string
  readonly en: string
  readonly children: readonly (CategoryOut)[]
}

/** ``broken`` null: the whole chain holds; otherwise what does not, and at which seal. */
export type ChainOut = {
  readonly broken: string | null
  readonly seal: number | null
}

/** Two ways to count the same tickets. */
export type CheckOut = {
  readonly code: string
  readonly whole: number
  readonly parts: number
  /** Tickets that stand on one side only. */
  readonly differing: number
  readonly balanced: boolean
}

export type CitizenPhone = {
  readonly sip: SipInfo
  readonly dial: string
}

export type CityInfo = {
  readonly code: string
  readonly name: string
}

export type ClaimIn = {
  readonly recording_id: string
  /** Needed where more than one agent spoke. */
  readonly agent_id?: string | null
}

export type ClipIn = {
  /** The ticket's number or id. */
  readonly ticket: string
  readonly start: number
  readonly end: number
  readonly title: string
}

/** A stretch of a recording that belongs to a ticket. */
export type ClipOut = {
  readonly clip_id: string
  readonly recording_id: string
  readonly contact_id: string
  readonly ticket_id: string
  readonly ticket_number: string
  readonly start: number
  readonly end: number
  readonly title: string
  readonly person: string
  readonly person_name: string
  readonly made_at: string
  /** Of the recording; a clip of a deleted one cannot be heard. */
  readonly state: string
}

export type ClipsOut = {
  readonly clips: readonly (ClipOut)[]
}

export type Colleague = {
  readonly agent_id: string
  readonly name: string
  readonly extension: string
  readonly state: string
}

export type Colleagues = {
  readonly colleagues: readonly (Colleague)[]
}

export type CommentIn = {
  readonly start: number
  readonly end?: number | null
  readonly text: string
}

/** A remark at ``start``, or over the stretch up to ``end``; seconds. */
export type CommentOut = {
  readonly comment_id: string
  readonly start: number
  readonly end: number | null
  readonly text: string
  readonly person: string
  readonly person_name: string
  readonly made_at: string
  readonly mine: boolean
}

/** Whether the caller is confidential, and who may hear the voice nevertheless: user ids. */
export type ConfidentialIn = {
  readonly confidential: boolean
  readonly named: readonly (string)[]
}

/** Whether the caller is confidential, who is named, and who could be. */
export type ConfidentialOut = {
  readonly confidential: boolean
  readonly named: readonly (ListenerOut)[]
  /** False: the caller is confidential and the person is not named. */
  readonly may_change: boolean
  /** Whoever may listen to recordings. */
  readonly people: readonly (ListenerOut)[]
}

/** What the log-in form sends. */
export type Credentials = {
  readonly username: string
  readonly password: string
}

export type DemoLoginOut = {
  readonly username: string
  readonly password: string
  readonly display_name: string
}

/** The office's words: kinds, statuses, the category tree, handling units. */
export type DictionaryOut = {
  readonly kinds: readonly (LabelOut)[]
  readonly statuses: readonly (LabelOut)[]
  readonly categories: readonly (CategoryOut)[]
  readonly units: readonly (UnitOut)[]
  /** Ways in that the regulation names, the telephone first. */
  readonly channels: readonly ('phone' | 'voicemail' | 'fax' | 'web' | 'mailbox' | 'email' | 'sms' | 'app' | 'wechat' | 'weibo' | 'qq' | 'visit' | 'other')[]
  /** Bytes that a file put to a ticket may have. */
  readonly largest_file: number
}

/** A point on which the reviewers do not agree: user id → points (instant-fail points: 1 met, 0 not). */
export type DifferenceOut = {
  readonly point: string
  readonly given: Readonly<Record<string, number>>
}

export type DispositionAnswer = {
  readonly disposition: DispositionOut
}

/** A code at the end of a branch of the guide's tree. */
export type DispositionIn = {
  readonly code: string
  readonly note: string
}

export type DispositionOut = {
  readonly contact_id: string
  readonly code: string
  readonly note: string
  readonly at: string
}

/** Why the message needs nothing more.  ``no_action`` needs a reason. */
export type Done = {
  readonly outcome: 'called_back' | 'no_action'
  readonly reason: string
}

export type DraftAnswer = {
  readonly draft: DraftOut
}

/** A half-filled form; ``version`` is the one it was made from, 0 for the first. */
export type DraftIn = {
  readonly body: Readonly<Record<string, JsonValue>>
  readonly version: number
}

export type DraftOut = {
  readonly contact_id: string
  readonly body: Readonly<Record<string, unknown>>
  readonly version: number
  readonly updated_at: string
}

/** A line as it shall be, and the version it was made from. */
export type DutyChange = {
  readonly unit_id: string
  readonly unit_name: string
  readonly person: string
  readonly number: string
  /** 1 is Monday. */
  readonly days: readonly (number)[]
  readonly begins: string
  /** Equal to begins: around the clock; earlier: the next morning. */
  readonly ends: string
  readonly remark: string
  readonly version: number
}

/** One line of the roster. */
export type DutyIn = {
  readonly unit_id: string
  readonly unit_name: string
  readonly person: string
  readonly number: string
  /** 1 is Monday. */
  readonly days: readonly (number)[]
  readonly begins: string
  /** Equal to begins: around the clock; earlier: the next morning. */
  readonly ends: string
  readonly remark: string
}

/** The same with its id and version, and whether it holds now. */
export type DutyOut = {
  readonly unit_id: string
  readonly unit_name: string
  readonly person: string
  readonly number: string
  /** 1 is Monday. */
  readonly days: readonly (number)[]
  readonly begins: string
  /** Equal to begins: around the clock; earlier: the next morning. */
  readonly ends: string
  readonly remark: string
  readonly duty_id: string
  readonly version: number
  readonly on_duty: boolean
}

/** What the supervisor's phone does; each is a context of the dialplan. */
export type Ear = 'listen' | 'whisper'

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

export type EndIn = {
  readonly reason: string
}

/** The body of every answer with a status from 400 on. */
export type ErrorBody = {
  readonly error: ErrorDetail
}

/** What went wrong. */
export type ErrorDetail = {
  readonly error_id: string
  readonly message: string
  readonly detail: Readonly<Record<string, unknown>>
}

/** The caller's opinion; who is not content says why. */
export type EvaluationIn = {
  readonly code: string
  readonly tail: string
  readonly outcome: 'satisfied' | 'basically_satisfied' | 'dissatisfied'
  readonly note: string
}

/** What is wanted.  ``mask``: spoken phone and identity numbers are overwritten, in audio and text. */
export type ExportIn = {
  readonly reason: string
  readonly start: number
  readonly end?: number | null
  readonly format: 'opus' | 'mp3' | 'wav' | 'flac'
  readonly mask: boolean
  readonly watermark: 'audible' | 'written'
  /** The whole original, byte for byte; nothing is masked. */
  readonly untouched: boolean
}

export type FatalOut = {
  readonly id: string
  readonly zh: string
  readonly en: string
}

/** Figures of the office or of a unit. */
export type FiguresOut = {
  readonly rates: Readonly<Record<string, RateOut>>
  readonly spans: SpansOut
  /** By the regulation's curves; null where nothing could be measured. */
  readonly points: number | null
  /** Among the units of its group. */
  readonly place: number | null
}

/** What the transcript says: a forbidden phrase and where it was said, or whether a courtesy was there. */
export type FindingOut = {
  readonly kind: 'forbidden' | 'opening' | 'closing'
  readonly present: boolean
  readonly phrase: string | null
  readonly start: number | null
  readonly text: string | null
}

/** One line of the record. */
export type FloorAct = {
  readonly act_id: string
  readonly kind: 'listening' | 'barge' | 'ready' | 'not_ready' | 'log_out'
  readonly agent_id: string
  readonly agent_name: string
  readonly by: string
  readonly by_name: string
  readonly reason: string
  readonly code: string
  readonly contact_id: string | null
  /** Empty: the supervisor's phone was not reached, nothing was heard. */
  readonly steps: readonly (ActStep)[]
  readonly began_at: string
  readonly ended_at: string | null
}

export type FloorActPage = {
  readonly acts: readonly (FloorAct)[]
  readonly next_cursor: string | null
}

export type FloorActs = {
  readonly acts: readonly (FloorAct)[]
}

/** A phrase that is never said or written to a citizen, and what to say instead. */
export type Forbidden = {
  readonly phrase: string
  readonly instead: string
}

/** A ``form.toml``. */
export type FormGuide = {
  readonly required: readonly (Required)[]
  readonly disposition: 'required' | 'optional'
  readonly repeat_warning: number
  readonly keep_marks_days: Keeping
  readonly identity_kinds: readonly ('inquiry' | 'help' | 'complaint' | 'report' | 'suggestion' | 'thanks' | 'efficacy_complaint')[]
  readonly dispositions: readonly (Branch)[]
  readonly places: readonly (Branch)[]
  readonly care: readonly (Word)[]
  readonly emergency: readonly (Service)[]
  readonly scripts: readonly (Script)[]
  readonly forbidden: readonly (Forbidden)[]
}

/** A version of the scorecard. */
export type FormOut = {
  readonly version: string
  readonly digest: string
  readonly pass_mark: number
  readonly sections: readonly (SectionOut)[]
  readonly fatal: readonly (FatalOut)[]
}

/** ``total`` counts what the visitor may see. */
export type FoundAnswer = {
  readonly total: number
  readonly found: readonly (FoundTicket)[]
  readonly next_cursor: string | null
}

export type FoundArticleOut = {
  readonly article_id: string
  readonly text: ArticleTextModel
  readonly score: number
}

export type FoundArticles = {
  readonly articles: readonly (FoundArticleOut)[]
}

/** A found recording: the call it belongs to and the sentences that were meant. */
export type FoundOut = {
  readonly recording: RecordingOut
  readonly number_shown: string
  readonly place: string | null
  readonly queue: string | null
  readonly agents: readonly (AgentRef)[]
  readonly tickets: readonly (TicketRef)[]
  readonly talk: TalkOut | null
  readonly hits: readonly (Said)[]
  readonly hit_count: number
}

export type FoundPage = {
  readonly total: number
  readonly found: readonly (FoundOut)[]
  readonly next_cursor: string | null
}

export type FoundTicket = {
  readonly ticket: TicketOut
  readonly score: number
}

/** The city's guide; ``kinds`` are the kinds of request its regulation knows, ``ask`` what the caller is asked. */
export type GuideAnswer = {
  readonly guide: FormGuide
  readonly kinds: readonly (string)[]
  readonly ask: readonly (string)[]
}

export type HTTPValidationError = {
  readonly detail?: readonly (ValidationError)[]
}

export type HandOverAnswer = {
  readonly hand_over: HandOverOut
}

/** An emergency service of the form guide, by its code. */
export type HandOverIn = {
  readonly service: string
}

/** One hand-over.  ``seconds`` from the button to the answer, else to the end; null while it is dialled. */
export type HandOverOut = {
  readonly hand_over_id: string
  readonly contact_id: string
  readonly service: string
  readonly number: string
  readonly by_name: string
  readonly began_at: string
  /** The service has answered. */
  readonly reached_at: string | null
  /** The citizen hears the service. */
  readonly joined_at: string | null
  /** The service or the whole call has gone. */
  readonly ended_at: string | null
  /** handed_over; given_up: the service answered, the citizen was never brought in; not_reached. */
  readonly outcome: string | null
  /** Until the service answered, or until it was given up. */
  readonly seconds: number | null
  /** From the button until the citizen heard the service. */
  readonly joined_seconds: number | null
  /** From the button until the service had gone. */
  readonly ended_seconds: number | null
}

export type HandOversAnswer = {
  readonly hand_overs: readonly (HandOverOut)[]
}

/** ``degraded`` still serves: without the switch tickets can be written, and the other way round. */
export type Health = {
  readonly status: 'ok' | 'degraded'
  readonly database: boolean
  readonly switch: boolean
}

/** Stretches that were heard since the last time, in seconds; ``closed``: the player goes away. */
export type HeardIn = {
  readonly spans: readonly (readonly [number, number])[]
  readonly closed: boolean
}

export type HeardOut = {
  /** False: the play is over; say why again before going on. */
  readonly open: boolean
}

export type HistoryAnswer = {
  readonly history: readonly (HistoryLine)[]
  /** To emergency services, in the call the ticket was written in; oldest first. */
  readonly hand_overs: readonly (HandOverOut)[]
  readonly next_cursor: string | null
}

/** One line of the ticket's append-only history. */
export type HistoryLine = {
  readonly entry_id: number
  readonly at: string
  readonly by: string
  readonly by_name: string
  readonly verb: string
  readonly body: Readonly<Record<string, unknown>>
  readonly hash: string
}

export type HoldAnswer = {
  readonly hold_id: string
}

export type HoldIn = {
  readonly contact_id: string
  readonly reason: string
}

export type HoldOut = {
  readonly hold_id: string
  readonly contact_id: string
  readonly reason: string
  readonly placed_by_name: string
  readonly placed_at: string
  readonly recordings: number
}

/** Places by categories of one level each, over the tickets that the visitor may count. */
export type HotspotsAnswer = {
  readonly places: readonly (SpotName)[]
  readonly categories: readonly (SpotName)[]
  readonly cells: readonly (SpotCell)[]
}

export type IdentityAnswer = {
  readonly identity: IdentityOut
}

/** The number, empty to take it away, and the version it was made from (0: there was none). */
export type IdentityIn = {
  readonly version: number
  readonly number: string
}

/** ``number`` is empty where the caller gave none. */
export type IdentityOut = {
  readonly number: string
  readonly masked: boolean
  readonly version: number
}

export type InboxPage = {
  readonly works: readonly (InboxWork)[]
  readonly next_cursor: string | null
}

/** One piece of a unit's work and the ticket it belongs to. */
export type InboxWork = {
  readonly work_id: string
  readonly status: string
  readonly role: string
  readonly unit_id: string
  readonly delivered_at: string
  readonly due_at: string | null
  readonly sign_due_at: string | null
  readonly light: string | null
  readonly account_asked: boolean
  readonly supervised: boolean
  readonly ticket: TicketOut
}

/** An indicator and what is good about it. */
export type IndicatorOut = {
  readonly code: string
  readonly better: 'more' | 'less'
}

/** A period's figures; a unit's people get those of their own units. */
export type IndicatorsAnswer = {
  readonly indicators: readonly (IndicatorOut)[]
  /** Indicators whose weighing the regulation does not tell. */
  readonly not_regulated: readonly (string)[]
  /** Whether the regulation gives points. */
  readonly scored: boolean
  readonly office: FiguresOut
  readonly units: readonly (UnitFiguresOut)[]
}

export type JsonValue = unknown

/** For how many days a mark on a caller's number is kept; then it is deleted. */
export type Keeping = {
  readonly marked: number
  readonly confirmed: number
  readonly cleared: number
}

export type KeepingOut = {
  readonly rules: readonly (RuleOut)[]
  readonly holds: readonly (HoldOut)[]
  readonly alarms: readonly (AlarmOut)[]
  readonly troubles: readonly (TroubleOut)[]
  /** State → how many. */
  readonly recordings: Readonly<Record<string, number>>
  readonly transcripts: Readonly<Record<string, number>>
  readonly bytes: number
  readonly seconds: number
  readonly seal: SealOut | null
  /** The public key that signs, hexadecimal. */
  readonly key: string
}

export type LabelOut = {
  readonly code: string
  readonly zh: string
  readonly en: string
}

/** One line of a ledger; ``hash`` covers the line and the hash of the one before. */
export type LedgerLine = {
  readonly entry_id: number
  readonly ledger: string
  readonly ticket_id: string
  readonly at: string
  readonly by: string
  readonly by_name: string
  readonly verb: string
  readonly body: Readonly<Record<string, unknown>>
  readonly hash: string
}

export type LedgerPage = {
  readonly lines: readonly (LedgerLine)[]
  readonly next_cursor: string | null
}

export type LiftIn = {
  readonly reason: string
}

/** One agent's line between browser and switch. */
export type LineQualityOut = {
  readonly agent_id: string
  readonly agent_name: string | null
  /** How long was measured. */
  readonly seconds: number
  readonly rtt_ms: number | null
  readonly rtt_ms_max: number | null
  readonly jitter_ms: number
  readonly jitter_ms_max: number
  /** Share of packets lost, 0 to 1. */
  readonly loss: number
  readonly loss_max: number
  /** Mean opinion score by the E-model, 1 to 4.5. */
  readonly mos: number
  readonly mos_min: number
  readonly warnings: readonly ('rtt' | 'jitter' | 'loss' | 'mos' | 'silent')[]
}

/** Listen, or whisper at once; and why. */
export type ListenIn = {
  readonly mode: Ear
  readonly reason: string
}

export type ListenerOut = {
  readonly user_id: string
  readonly name: string
}

/** What goes on. */
export type ListeningOut = {
  readonly act_id: string
  readonly agent_id: string
  readonly contact_id: string
  readonly mode: 'listen' | 'whisper' | 'barge' | null
  readonly since: string
}

export type LoginAnswer = {
  readonly user: UserInfo
}

export type MarkAnswer = {
  readonly mark: MarkOut
}

/** ``kind``: ``nuisance``, or a care code of the form guide. */
export type MarkIn = {
  readonly kind: string
  readonly note: string
}

/** A mark.  The number is only ever shown masked; the call tells more to those who may see it. */
export type MarkOut = {
  readonly mark_id: string
  readonly number_masked: string
  readonly kind: string
  readonly state: 'marked' | 'confirmed' | 'cleared'
  readonly contact_id: string
  readonly note: string
  readonly marked_by_name: string
  readonly marked_at: string
  readonly decided_by_name: string | null
  readonly decided_at: string | null
  readonly decision_note: string
  readonly expires_at: string
  /** Made by the person who looks, who then cannot confirm it. */
  readonly own: boolean
}

export type MarksAnswer = {
  readonly marks: readonly (MarkOut)[]
  readonly next_cursor: string | null
}

/** A matter that is handed in.  Who hands it in and by which way stands with the token. */
export type MatterIn = {
  readonly title: string
  readonly text: string
  readonly kind: 'inquiry' | 'help' | 'complaint' | 'report' | 'suggestion' | 'thanks' | 'efficacy_complaint'
  readonly category: string
  readonly place: string
  readonly caller_name: string
  readonly caller_number: string
  readonly confidential: boolean
  /** The caller wants no answer. */
  readonly no_reply: boolean
  readonly items: readonly (string)[]
  /** When what was written came in. */
  readonly received_on?: string | null
}

/** A matter as its caller is told of it. */
export type MatterOut = {
  readonly ticket_id: string
  readonly number: string
  readonly stage: string
  readonly kind: string
  readonly category: string
  readonly accepted_at: string
  readonly closed_at: string | null
  readonly public_reply: string
}

export type MatterPage = {
  readonly matters: readonly (MatterOut)[]
  readonly next_cursor: string | null
}

export type Me = {
  readonly user: UserInfo
  readonly agent: AgentInfo | null
  readonly sip: SipInfo | null
  readonly city: CityInfo
  readonly demo: boolean
  readonly reasons: readonly (ReasonInfo)[]
  readonly live_path: string
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

/** A ticket to be registered.  ``items``: the demands in it, where there are several; ``same_matter_as``: an earlier ticket about the same matter. */
export type NewTicket = {
  readonly title: string
  readonly text: string
  readonly kind: 'inquiry' | 'help' | 'complaint' | 'report' | 'suggestion' | 'thanks' | 'efficacy_complaint'
  readonly channel: 'phone' | 'voicemail' | 'fax' | 'web' | 'mailbox' | 'email' | 'sms' | 'app' | 'wechat' | 'weibo' | 'qq' | 'visit' | 'other'
  readonly category: string
  readonly place: string
  readonly caller_name: string
  readonly caller_number: string
  readonly confidential: boolean
  /** The caller wants no answer. */
  readonly no_reply: boolean
  readonly contact_id?: string | null
  /** Who handed it in; some have rules of their own. */
  readonly origin: 'citizen' | 'provincial' | 'provincial_petition_bureau' | 'provincial_phone_office' | 'city_leader' | 'other_platform'
  readonly caller_identity: string
  readonly items: readonly (string)[]
  /** When what was written came in. */
  readonly received_on?: string | null
  readonly attachments: readonly (string)[]
  readonly same_matter_as?: string | null
}

/** ``secret`` is what the other program shows; it is told this once. */
export type NewTokenAnswer = {
  readonly token: TokenOut
  readonly secret: string
}

/** Why no calls are wanted. */
export type NotReady = {
  readonly reason: string
}

/** A number outside. */
export type Number = {
  readonly number: string
}

/** Duties: the oldest of the open first, others the newest first. */
export type OfficeDuties = {
  readonly duties: readonly (OfficeDuty)[]
  readonly next_cursor: string | null
}

/** An act that follows from a threshold, a finding or an assessment. */
export type OfficeDuty = {
  readonly duty_id: string
  readonly act: string
  /** False: offered, not demanded. */
  readonly mandatory: boolean
  /** `open`, `done` or `waived`. */
  readonly status: string
  readonly unit_id: string | null
  /** Null for what an assessment led to. */
  readonly ticket_id: string | null
  readonly number: string | null
  readonly title: string | null
  /** What a person must confirm first. */
  readonly confirm: readonly (string)[]
  readonly src: readonly (string)[]
  readonly why: string
  readonly created_at: string
  readonly decided_at: string | null
  readonly decided_by_name: string | null
  readonly note: string | null
}

/** One of the call's parties. */
export type OneParty = {
  readonly party: string
}

/** One event on one channel.  The ticket's number is left out where the ticket is protected. */
export type OutboxLine = {
  readonly outbox_id: number
  readonly event: string
  readonly channel: string
  readonly state: 'waiting' | 'done' | 'dead'
  readonly number: string | null
  readonly attempts: number
  readonly created_at: string
  readonly due_at: string
  readonly problem: string | null
}

/** ``counts``: how many there are in each state. */
export type OutboxPage = {
  readonly counts: Readonly<Record<string, number>>
  readonly events: readonly (OutboxLine)[]
  readonly next_cursor: string | null
}

/** What was written down, and whether the ticket has moved by it. */
export type OutcomeAnswer = {
  readonly conference: Readonly<Record<string, unknown>>
  readonly status: string
  /** The ticket was answered or dispatched with it. */
  readonly moved: boolean
  /** Why it was not, in the ticket workflow's words. */
  readonly why_not: string | null
}

/** ``answered_by_unit``: the unit has answered on the spot, ``note`` is its answer; ``phone_dispatch``: it has taken the matter over by telephone, until ``deadline``; ``written_dispatch``: it gets it in writing. */
export type OutcomeIn = {
  readonly ticket_id: string
  readonly outcome: 'answered_by_unit' | 'phone_dispatch' | 'written_dispatch'
  readonly unit_id?: string | null
  readonly note: string
  readonly deadline?: string | null
}

export type PaperAnswer = {
  readonly paper: PaperOut
}

/** Which kind of paper. */
export type PaperIn = {
  readonly kind: string
}

/** An issued paper; fetch it at ``/papers/<paper_id>.docx`` or ``.pdf``. */
export type PaperOut = {
  readonly paper_id: number
  readonly kind: string
  readonly zh: string
  readonly en: string
  readonly number: string
  readonly at: string
  readonly by_name: string
}

export type PapersAnswer = {
  readonly papers: readonly (PaperOut)[]
}

/** A stretch of the recording, in seconds, and who speaks there beside the citizen: an agent, handling units. */
export type PartOut = {
  readonly start: number
  readonly end: number
  readonly label: string
  readonly who: string | null
  readonly name: string
  /** By name as the duty roster had it then, else by number. */
  readonly units: readonly (string)[]
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

/** The waveform of each leg, values from 0 to 1. */
export type PeaksOut = {
  readonly seconds: number
  readonly points_per_second: number
  readonly peaks: Readonly<Record<string, readonly (number)[]>>
}

/** A reporting period. */
export type PeriodOut = {
  readonly since: string
  readonly until: string
}

export type PlayAnswer = {
  readonly play_id: string
}

export type PlayIn = {
  readonly reason: string
}

/** One time that somebody opened a recording, and what of it was heard. */
export type PlayOut = {
  readonly play_id: string
  readonly recording_id: string
  readonly contact_id: string
  readonly person: string
  readonly person_name: string
  readonly reason: string
  readonly purpose: string
  readonly began_at: string
  readonly heard: readonly (readonly [number, number])[]
  readonly heard_seconds: number
}

export type PlaysOut = {
  readonly plays: readonly (PlayOut)[]
}

export type PointOut = {
  readonly id: string
  readonly zh: string
  readonly en: string
  readonly most: number
  readonly finding: 'forbidden' | 'opening' | 'closing' | null
}

export type ProgressAnswer = {
  readonly progress: ProgressOut
}

/** How far a matter is.  Nobody is named, and nothing that only the office may know stands in it. */
export type ProgressOut = {
  readonly number: string
  readonly stage: 'accepted' | 'handling' | 'checking' | 'answered' | 'not_accepted' | 'promised' | 'reviewing' | 'ended' | 'closed'
  readonly accepted_at: string
  readonly delivered_at: string | null
  readonly reported_at: string | null
  readonly closed_at: string | null
  readonly due_at: string | null
  readonly unit: ResponsibleUnit | null
  readonly public_reply: string
  readonly satisfaction: string | null
  readonly may_evaluate: boolean
  readonly may_demand: 'overdue' | 'objection' | null
  readonly account_asked_at: string | null
  readonly account: string | null
}

/** Whole when there are no breaks. */
export type ProofAnswer = {
  readonly breaks: readonly (BreakOut)[]
}

/** ``sound``, ``deleted`` or ``not_stored`` are well; anything else names what does not hold. */
export type ProofOut = {
  readonly code: string
  readonly sound: boolean
  readonly role: string | null
  /** Whether its entry in the ledger is under a seal already. */
  readonly sealed: boolean
}

/** What the operator tells the caller. */
export type QueryCodeAnswer = {
  readonly code: string
  readonly tail: string
}

/** What the caller was told: the code, and the end of the telephone number (of the ticket's number, if it was withheld) or of the identity document that was given. */
export type QueryIn = {
  readonly code: string
  readonly tail: string
}

/** A share of tickets. */
export type RateOut = {
  /** A fraction where something counts partly. */
  readonly numerator: number
  readonly denominator: number
  /** Rounded half up as the regulation says; null without a base. */
  readonly percent: number | null
}

/** A not-ready reason; system ones are shown but not offered. */
export type ReasonInfo = {
  readonly code: string
  readonly zh: string
  readonly en: string
  readonly system: boolean
}

export type RecordingAnswer = {
  readonly recording: RecordingOut
}

/** One recording; ``problem`` says why it cannot be played, ``alarms`` what is odd about it. */
export type RecordingOut = {
  readonly recording_id: string
  readonly contact_id: string
  readonly kind: 'call' | 'consult' | 'voicemail' | 'survey'
  /** waiting, processing, ready or failed */
  readonly state: string
  readonly problem: string | null
  readonly alarms: readonly (string)[]
  readonly created_at: string
  readonly started_at: string | null
  readonly seconds: number | null
  readonly channels: number | null
  readonly format: string | null
  readonly bytes: number | null
  /** Of the untouched original. */
  readonly sha256: string | null
  /** none, no_model, waiting, done or failed */
  readonly transcript_state: string
}

export type RecusalAnswer = {
  readonly recusal_id: string
}

/** An interest: in one ticket, in everything a unit works on or is complained about in, or in everything of a caller. */
export type RecusalIn = {
  readonly scope: 'ticket' | 'unit' | 'caller'
  /** Number or id of the ticket, unit, telephone number. */
  readonly scope_id: string
  readonly reason: string
  /** Log-in or name of somebody else; empty: the visitor. */
  readonly person: string
}

/** Who is kept from what.  A caller's number is masked; a ticket that the visitor may not see has no number. */
export type RecusalOut = {
  readonly recusal_id: string
  readonly person_name: string
  /** About the visitor, who then cannot end it. */
  readonly own: boolean
  readonly scope: 'ticket' | 'unit' | 'caller'
  /** The ticket's number, the unit's id, or the caller's number with its middle hidden. */
  readonly about: string
  readonly reason: string
  readonly declared_by_name: string
  readonly declared_at: string
  readonly ended_at: string | null
}

export type RecusalPage = {
  readonly recusals: readonly (RecusalOut)[]
  readonly next_cursor: string | null
}

/** A report's lines. */
export type ReportAnswer = {
  /** Every figure there is, in the order in which they are shown. */
  readonly figures: readonly (string)[]
  readonly lines: readonly (ReportLineOut)[]
  /** Whether there are more lines than a page holds; a sheet has them all. */
  readonly cut: boolean
}

/** A report as it shall be, and the version it was made from. */
export type ReportChange = {
  readonly name: string
  /** Whether everybody who reads statistics sees it. */
  readonly shared: boolean
  readonly period: 'day' | 'noon_day' | 'week' | 'month' | 'assessed_month'
  readonly rows: readonly ('category' | 'kind' | 'channel' | 'origin' | 'unit')[]
  readonly figures: readonly (string)[]
  readonly version: number
}

/** A report as it is kept. */
export type ReportIn = {
  readonly name: string
  /** Whether everybody who reads statistics sees it. */
  readonly shared: boolean
  readonly period: 'day' | 'noon_day' | 'week' | 'month' | 'assessed_month'
  readonly rows: readonly ('category' | 'kind' | 'channel' | 'origin' | 'unit')[]
  readonly figures: readonly (string)[]
}

/** What the tickets that share these values come to. */
export type ReportLineOut = {
  /** In the order of the rows asked for; empty where a ticket has none. */
  readonly values: readonly (string)[]
  /** By figure; `registered` counts what came in. */
  readonly rates: Readonly<Record<string, RateOut>>
}

/** The same with its id and version, and whose it is. */
export type ReportOut = {
  readonly name: string
  /** Whether everybody who reads statistics sees it. */
  readonly shared: boolean
  readonly period: 'day' | 'noon_day' | 'week' | 'month' | 'assessed_month'
  readonly rows: readonly ('category' | 'kind' | 'channel' | 'origin' | 'unit')[]
  readonly figures: readonly (string)[]
  readonly report_id: string
  readonly version: number
  /** Only whoever made it changes it. */
  readonly own: boolean
  readonly by_name: string
}

/** Reports by name. */
export type ReportPage = {
  readonly reports: readonly (ReportOut)[]
  readonly next_cursor: string | null
}

/** Fields without which no ticket is registered; of these kinds, or of every kind. */
export type Required = {
  readonly fields: readonly ('title' | 'text' | 'kind' | 'category' | 'place' | 'caller_name' | 'caller_number' | 'caller_identity')[]
  readonly kinds: readonly ('inquiry' | 'help' | 'complaint' | 'report' | 'suggestion' | 'thanks' | 'efficacy_complaint')[]
}

export type ResponsibleUnit = {
  readonly zh: string
  readonly en: string
}

/** A period as an assessment would find it; nothing is written down. */
export type ResultsAnswer = {
  readonly marks: readonly (AssessedMark)[]
  readonly units: readonly (UnitResultOut)[]
}

export type ResultsOut = {
  readonly pass_mark: number
  readonly weeks: readonly (WeekOut)[]
}

/** A scorecard with the form it is made with and what the transcript finds. */
export type ReviewAnswer = {
  readonly review: ReviewOut
  readonly form: FormOut
  readonly findings: readonly (FindingOut)[]
  /** False: there is no transcript, so nothing could be found. */
  readonly heard: boolean
}

/** One scorecard. */
export type ReviewOut = {
  readonly review_id: string
  readonly recording_id: string
  readonly contact_id: string
  readonly calibration_id: string | null
  readonly agent_id: string
  readonly agent_name: string
  readonly reviewer: string
  readonly reviewer_name: string
  readonly mine: boolean
  /** claimed, done or released */
  readonly state: string
  readonly version: number
  readonly claimed_at: string
  readonly done_at: string | null
  readonly points: Readonly<Record<string, number>>
  readonly failed: readonly (string)[]
  readonly comment: string
  readonly score: number | null
  readonly passed: boolean | null
}

export type ReviewerOut = {
  readonly user_id: string
  readonly name: string
}

export type ReviewersOut = {
  readonly reviewers: readonly (ReviewerOut)[]
}

export type ReviewsOut = {
  readonly reviews: readonly (ReviewOut)[]
  readonly next_cursor: string | null
}

export type Roster = {
  readonly duty: readonly (DutyOut)[]
}

/** The first rule that fits decides; ``days`` null: for ever. */
export type RuleOut = {
  readonly days: number | null
  readonly kind: string | null
  readonly queue: string | null
  readonly category: string | null
  readonly result: string | null
}

/** The regulation in force, every value with its article; a silent regulation shows ``null``. */
export type RulePackAnswer = {
  readonly pack: Readonly<Record<string, unknown>>
}

/** One run of a recogniser with its figures. */
export type RunOut = {
  readonly version: number
  readonly state: string
  readonly problem: string | null
  readonly engine: string | null
  readonly model: string | null
  readonly created_at: string
  readonly done_at: string | null
  readonly figures: Readonly<Record<string, number | null>>
}

/** An utterance in which what was looked for was said; numbers masked. */
export type Said = {
  readonly leg: 'citizen' | 'other'
  readonly start: number
  readonly end: number
  readonly text: string
}

export type SaveIn = {
  readonly version: number
  readonly points: Readonly<Record<string, unknown>>
  readonly failed: readonly (string)[]
  readonly comment: string
  readonly done: boolean
}

/** A sentence to be said at one moment of the call; ``en`` is for a caller who speaks English. */
export type Script = {
  readonly moment: 'greeting' | 'asking' | 'guiding' | 'emergency' | 'closing'
  readonly zh: string
  readonly en: string
}

/** The newest seal: to be written down elsewhere, so that a chain cut short is noticed. */
export type SealOut = {
  readonly number: number
  readonly digest: string
  readonly unsealed: number
}

export type SectionOut = {
  readonly id: string
  readonly zh: string
  readonly en: string
  readonly points: readonly (PointOut)[]
}

/** One utterance; times are seconds from the beginning of the recording. */
export type SegmentOut = {
  readonly leg: 'citizen' | 'other'
  readonly start: number
  readonly end: number
  readonly text: string
  readonly conf: number | null
}

/** An emergency service that takes a caller over, by the number the switch dials. */
export type Service = {
  readonly code: string
  readonly zh: string
  readonly en: string
  readonly number: string
}

/** A setting as it was last changed; version 0: never, what ships is in force.  ``in_force`` is what holds now, in the form in which it is changed; ``choices`` what its fields may hold. */
export type SettingAnswer = {
  readonly name: string
  readonly value: Readonly<Record<string, unknown>> | null
  readonly in_force: Readonly<Record<string, unknown>> | null
  readonly choices: Readonly<Record<string, readonly (string)[]>>
  readonly version: number
  readonly changed_at: string | null
  readonly changed_by_name: string | null
}

export type SettingIn = {
  readonly version: number
  readonly value: Readonly<Record<string, JsonValue>>
}

/** How the page's softphone registers; only the person's own. */
export type SipInfo = {
  readonly uri: string
  readonly password: string
  readonly ws_path: string
  readonly display_name: string
  readonly extension: string
}

/** How long matters took that were closed in the period. */
export type SpansOut = {
  readonly tickets: number
  /** Working days from acceptance to the final reply. */
  readonly mean_days: number | null
  readonly median_days: number | null
  /** The same on the wall clock. */
  readonly mean_hours: number | null
  readonly median_hours: number | null
}

/** What was registered at a place about a category. */
export type SpotCell = {
  readonly place: string
  readonly category: string
  readonly now: number
  /** In the period before; of a period under way, in as much of it as has passed. */
  readonly before: number
  /** At least five, and more than before by twice the root of both together. */
  readonly rising: boolean
}

/** A place or a category. */
export type SpotName = {
  /** `-` for what belongs to none of them. */
  readonly code: string
  readonly zh: string
  readonly en: string
  /** Whether there is a level below it. */
  readonly inner: boolean
}

/** Open matters at the beginning and at the end, by the history. */
export type StockOut = {
  readonly opening: number
  readonly registered: number
  readonly reopened: number
  readonly closed: number
  readonly closing: number
  /** opening + registered + reopened - closed = closing */
  readonly balanced: boolean
}

/** Everything that is known of a recording, except what was said. */
export type StoryOut = {
  readonly recording: RecordingOut
  readonly number_shown: string
  readonly place: string | null
  readonly queue: string | null
  readonly agents: readonly (AgentRef)[]
  readonly tickets: readonly (TicketRef)[]
  readonly talk: TalkOut | null
  readonly parts: readonly (PartOut)[]
  readonly comments: readonly (CommentOut)[]
  readonly clips: readonly (ClipOut)[]
  readonly runs: readonly (RunOut)[]
  readonly holds: number
  /** False: a confidential caller, and the person is not named. */
  readonly may_hear: boolean
  readonly tombstone: TombstoneOut | null
}

/** A label with its share of all scores and the words that speak for it. */
export type SuggestionOut = {
  readonly label: string
  readonly score: number
  readonly reasons: readonly (string)[]
}

export type SuggestionsAnswer = {
  readonly category: TargetOut
  readonly unit: TargetOut
  readonly urgency: TargetOut
}

export type SurveyAnswer = {
  /** null: the caller was not asked. */
  readonly survey: SurveyOut | null
}

/** What one caller answered after a call. */
export type SurveyOut = {
  readonly contact_id: string
  readonly asked_at: string
  /** 1 (very dissatisfied) to 5 (very satisfied); null: asked, not answered. */
  readonly score: number | null
  readonly answered_at: string | null
  /** What the caller said besides, where there is something. */
  readonly comment_recording_id: string | null
}

/** Who spoke how long, in seconds; stretches as [start, end]. */
export type TalkOut = {
  readonly citizen_seconds: number
  readonly other_seconds: number
  readonly talk_over_seconds: number
  readonly longest_silence: number
  readonly talk_overs: readonly (readonly [number, number])[]
  readonly silences: readonly (readonly [number, number])[]
}

/** ``source`` tells whether it was learned from the office's tickets or stands in the keyword list. */
export type TargetOut = {
  readonly source: string
  readonly suggestions: readonly (SuggestionOut)[]
}

export type TicketAnswer = {
  readonly ticket: TicketOut
}

/** Only the fields that change, and the version they were changed from. */
export type TicketChanges = {
  readonly version: number
  readonly title?: string | null
  readonly text?: string | null
  readonly kind?: 'inquiry' | 'help' | 'complaint' | 'report' | 'suggestion' | 'thanks' | 'efficacy_complaint' | null
  readonly channel?: 'phone' | 'voicemail' | 'fax' | 'web' | 'mailbox' | 'email' | 'sms' | 'app' | 'wechat' | 'weibo' | 'qq' | 'visit' | 'other' | null
  readonly category?: string | null
  readonly place?: string | null
  readonly caller_name?: string | null
  readonly caller_number?: string | null
  readonly confidential?: boolean | null
  readonly no_reply?: boolean | null
}

/** What an agent writes down. */
export type TicketFields = {
  readonly title: string
  readonly text: string
  readonly kind: 'inquiry' | 'help' | 'complaint' | 'report' | 'suggestion' | 'thanks' | 'efficacy_complaint'
  readonly channel: 'phone' | 'voicemail' | 'fax' | 'web' | 'mailbox' | 'email' | 'sms' | 'app' | 'wechat' | 'weibo' | 'qq' | 'visit' | 'other'
  readonly category: string
  readonly place: string
  readonly caller_name: string
  readonly caller_number: string
  readonly confidential: boolean
  /** The caller wants no answer. */
  readonly no_reply: boolean
}

/** A ticket.  Of a confidential one, whoever may not see the caller gets the name and number masked. */
export type TicketOut = {
  readonly ticket_id: string
  readonly number: string
  readonly status: string
  readonly kind: string
  readonly channel: string
  readonly received_on: string | null
  readonly category: string
  readonly title: string
  readonly text: string
  readonly place: string
  readonly caller_name: string
  readonly caller_number: string
  readonly caller_masked: boolean
  readonly contact_id: string | null
  readonly confidential: boolean
  readonly no_reply: boolean
  readonly created_by: string
  readonly created_by_name: string
  readonly created_at: string
  readonly updated_at: string
  readonly version: number
  readonly due_at: string | null
  readonly yellow_from: string | null
  readonly unit: string | null
}

export type TicketPage = {
  readonly tickets: readonly (TicketOut)[]
  readonly next_cursor: string | null
}

export type TicketRef = {
  readonly ticket_id: string
  readonly number: string
  readonly title: string
}

export type TokenAnswer = {
  readonly token: TokenOut
}

/** What a token may do, for whom, and until when. */
export type TokenIn = {
  readonly name: string
  readonly rights: readonly ('tickets.create' | 'tickets.read_own')[]
  readonly origin: 'citizen' | 'provincial' | 'provincial_petition_bureau' | 'provincial_phone_office' | 'city_leader' | 'other_platform'
  readonly channel: 'phone' | 'voicemail' | 'fax' | 'web' | 'mailbox' | 'email' | 'sms' | 'app' | 'wechat' | 'weibo' | 'qq' | 'visit' | 'other'
  readonly per_minute: number
  readonly expires_at: string
}

export type TokenOut = {
  readonly token_id: string
  readonly name: string
  readonly rights: readonly (string)[]
  readonly origin: string
  readonly channel: string
  readonly per_minute: number
  readonly state: 'valid' | 'expired' | 'revoked'
  readonly made_by_name: string
  readonly made_at: string
  readonly expires_at: string
  readonly revoked_at: string | null
  readonly used_at: string | null
}

export type TokenPage = {
  readonly tokens: readonly (TokenOut)[]
  readonly next_cursor: string | null
}

/** What is left of a deleted recording. */
export type TombstoneOut = {
  readonly recording_id: string
  readonly contact_id: string
  readonly at: string
  /** Null: deleted by a retention rule. */
  readonly person: string | null
  readonly reason: string
  readonly seconds: number | null
  readonly files: Readonly<Record<string, string>>
  /** Of its entry in the ledger of recordings. */
  readonly number: number
}

export type TombstonesOut = {
  readonly tombstones: readonly (TombstoneOut)[]
  /** User id → name of those who deleted. */
  readonly names: Readonly<Record<string, string>>
  readonly next_cursor: string | null
}

/** Spoken phone and identity numbers are masked: whoever needs one listens to it. */
export type TranscriptOut = {
  readonly state: string
  readonly problem: string | null
  readonly version: number | null
  readonly engine: string | null
  readonly model: string | null
  readonly versions: readonly (number)[]
  readonly segments: readonly (SegmentOut)[]
}

/** A recording that cannot be played (yet), and why. */
export type TroubleOut = {
  readonly recording_id: string
  readonly contact_id: string
  readonly state: string
  readonly problem: string
  readonly created_at: string
  readonly failures: number
}

export type TurnIn = {
  readonly mode: Ear
}

/** What stands in the form so far. */
export type Typed = {
  readonly title: string
  readonly text: string
  readonly place: string
  readonly caller_number: string
}

/** Figures of a unit. */
export type UnitFiguresOut = {
  readonly rates: Readonly<Record<string, RateOut>>
  readonly spans: SpansOut
  /** By the regulation's curves; null where nothing could be measured. */
  readonly points: number | null
  /** Among the units of its group. */
  readonly place: number | null
  readonly unit_id: string
  readonly zh: string
  readonly en: string
  readonly group: string | null
}

export type UnitOut = {
  readonly unit_id: string
  readonly zh: string
  readonly en: string
  readonly kind: string
  readonly parent: string | null
}

/** What a unit is measured by. */
export type UnitResultOut = {
  readonly unit_id: string
  readonly group: string | null
  readonly tickets: number
  readonly rates: Readonly<Record<string, RateOut>>
}

/** A logged-in person. */
export type UserInfo = {
  readonly user_id: string
  readonly username: string
  readonly display_name: string
  readonly roles: readonly (string)[]
  readonly permissions: readonly (string)[]
}

export type ValidationError = {
  readonly loc: readonly (string | number)[]
  readonly msg: string
  readonly type: string
  readonly input?: unknown
  readonly ctx?: Readonly<Record<string, unknown>>
}

export type VoicemailAnswer = {
  readonly voicemail: VoicemailOut
}

/** A message with all that is known for dealing with it. */
export type VoicemailDetail = {
  readonly voicemail: VoicemailOut
  /** As it can be dialled; empty when it was withheld or is not for the visitor. */
  readonly number: string
  readonly transcript_state: string
  /** What was said, as far as it was recognised. */
  readonly text: string
  /** The words that speak for the suggested category. */
  readonly category_reasons: readonly (string)[]
  readonly prefill: TicketFields
  /** Written for this contact. */
  readonly tickets: readonly (CallTicket)[]
}

/** One voice message; its id is also its recording's. */
export type VoicemailOut = {
  readonly voicemail_id: string
  readonly contact_id: string
  /** Empty for a hidden number. */
  readonly number_masked: string
  readonly place: string | null
  readonly left_at: string
  readonly seconds: number
  /** Nothing can be heard on it. */
  readonly silent: boolean
  /** Whose turn it was; empty where the pack names no sections. */
  readonly section: string
  /** How long it waits; null when it is done. */
  readonly light: 'green' | 'yellow' | 'red' | null
  readonly claimed_by: string | null
  readonly claimed_by_name: string | null
  /** The visitor has taken it. */
  readonly mine: boolean
  readonly done_at: string | null
  readonly done_by_name: string | null
  readonly outcome: 'ticket' | 'called_back' | 'no_action' | null
  readonly ticket_id: string | null
  readonly reason: string
}

/** ``oldest`` is when the oldest open message was left. */
export type VoicemailPage = {
  readonly voicemail: readonly (VoicemailOut)[]
  readonly next_cursor: string | null
  readonly open: number
  readonly claimed: number
  readonly oldest: string | null
  readonly limit_minutes: number
  /** Sections of which nobody is told when messages wait too long, for want of a number or address; an empty name is the office as a whole. */
  readonly untold: readonly (string)[]
}

/** What was judged of an agent in the week that begins on ``week``. */
export type WeekOut = {
  readonly agent_id: string
  readonly agent_name: string
  readonly week: string
  readonly reviews: number
  readonly mean_score: number
  readonly failed: number
}

export type Welcome = {
  readonly city: CityInfo
  readonly demo: boolean
  readonly logins: readonly (DemoLoginOut)[]
}

/** Whom to call: a unit's number, or a colleague's extension. */
export type Whom = {
  readonly number: string
  readonly colleague: boolean
  /** Whether the unit is told who calls and about what before it joins. */
  readonly brief: boolean
  /** The ticket whose number is read out. */
  readonly ticket_id?: string | null
}

/** A code with its two names. */
export type Word = {
  readonly code: string
  readonly zh: string
  readonly en: string
}

/** What became of it. */
export type agent_desktop__api__assessments__DecisionIn = {
  /** False: it is not done, for the reason given. */
  readonly done: boolean
  readonly note: string
}

/** What is decided about a mark, and why. */
export type agent_desktop__api__callers__DecisionIn = {
  readonly decision: 'confirmed' | 'cleared'
  readonly note: string
}

/** What an agent is to be, and why. */
export type agent_desktop__api__floor__ActIn = {
  readonly state: 'ready' | 'not_ready' | 'log_out'
  /** The not-ready reason. */
  readonly code: string
  readonly reason: string
}

export type agent_desktop__api__machines__MatterAnswer = {
  readonly matter: MatterOut
}

/** A verb of the workflow with what it needs; ``work_id`` names the unit's work for the verbs of a work. */
export type agent_desktop__api__matters__ActIn = {
  readonly verb: string
  readonly given: Readonly<Record<string, JsonValue>>
  readonly work_id?: string | null
  readonly version?: number | null
}

/** The ticket with the work of its units, demands, requests, orders, duties, and the verbs open to the visitor. */
export type agent_desktop__api__matters__MatterAnswer = {
  readonly matter: Readonly<Record<string, unknown>>
}
