/**
 * The agent's desk as the screen sees it: the server's live picture beside this browser's own phone.
 *
 * The server's picture (`agent`, `call`, `card`) is what counts for states and timers; the phone tells only
 * what this tab's telephone can do right now.  One instance lives as long as somebody is logged in.
 */
import { computed, reactive, readonly, shallowRef, watch } from 'vue'
import { api } from '@/api/http'
import type { AgentState, CallState, Card, CardAnswer, DraftAnswer, Me } from '@/api/types'
import { clearCaptions, showCaptions, takeCaption } from '@/captions/captions'
import type { Acted, Hello, ServerMessage } from '@/generated/live'
import { floor, floorView, type FloorView } from '@/floor/feed'
import { t } from '@/i18n'
import { grouped } from '@/i18n/format'
import { LiveSocket } from '@/live/socket'
import { inCall } from '@/phone/machine'
import { forgetCheck, usable } from '@/phone/devices'
import { DEAF, Microphone, type MicrophoneState } from '@/phone/microphone'
import { soundUnlocked } from '@/phone/ring'
import { Softphone, type PhoneSnapshot } from '@/phone/softphone'
import { alarm, calm, notice } from './attention'
import { setServerTime } from './clock'
import { closeForm, formOf, openForm } from './form'
import { makeMeter } from './line'

const TAB_STORED = 'hotline.tab'
/** Not-ready reason of the house rules (`data/desk.toml`). */
const DEAF_REASON = 'microphone'

/** Agent states in which the server asks for a sign of life every second. */
const IN_CALL: readonly string[] = ['ringing', 'talking', 'held', 'consulting', 'three_way']
const SIGN_OF_LIFE_MS = 2500

interface DeskState {
  me: Me | null
  /** The live link to the server. */
  linked: boolean
  /** The server's link to the switch. */
  ami: boolean
  /** Is this tab the one that is the agent's desk?  null: not known yet. */
  active: boolean | null
  agent: AgentState | null
  call: CallState | null
  card: Card | null
  /** When the ring began; null while nothing rings. */
  rangAt: string | null
  phone: PhoneSnapshot
  microphone: MicrophoneState
  soundOn: boolean
  outdated: boolean
  /** The recording that became ready last. */
  recording: { contact_id: string; recording_id: string } | null
  /** What a supervisor last set here. */
  acted: Acted | null
}

const state = reactive<DeskState>({
  me: null,
  linked: false,
  ami: true,
  active: null,
  agent: null,
  call: null,
  card: null,
  rangAt: null,
  phone: { line: 'off', call: 'idle', muted: false, peer: '', cause: '' },
  microphone: 'closed',
  soundOn: true,
  outdated: false,
  recording: null,
  acted: null,
})

/** What the other side says; bound to an audio element by the shell. */
export const remoteAudio = shallowRef<MediaStream | null>(null)

export const desk = readonly(state)

/** A call rings at this agent, wherever its telephone stands. */
export const ringing = computed(() => state.agent?.state === 'ringing' || state.phone.call === 'ringing')
/** This agent and a citizen are connected. */
export const talking = computed(
  () => ['talking', 'held', 'consulting', 'three_way'].includes(state.agent?.state ?? '') || inCall(state.phone.call),
)

const microphone = new Microphone(
  (next) => {
    state.microphone = next
    if (DEAF.includes(next)) onDeaf()
  },
  (stream) => softphone.replaceMicrophone(stream),
)

/** The call whose line is measured; its last figures come when the switch has already ended it. */
let measuredCall = ''
const meter = makeMeter(
  (report) => measuredCall && live?.send({ v: 1, type: 'quality', contact_id: measuredCall, ...report }),
  () => state.phone.muted,
)

const softphone = new Softphone({
  changed: (snapshot) => {
    const before = state.phone
    state.phone = snapshot
    if (before.line !== snapshot.line || (before.call === 'idle') !== (snapshot.call === 'idle')) reportPhone()
  },
  microphone: () => microphone.open(),
  remoteAudio: (stream) => (remoteAudio.value = stream),
  connection: (connection) => meter.watch(connection),
  reachable: () => live?.heardWithin(SIGN_OF_LIFE_MS) ?? false,
})

/** Nobody would hear this agent: no calls until there is a microphone again; a call in progress is not touched. */
function onDeaf(): void {
  forgetCheck()
  if (state.active && state.agent?.state === 'ready') void goNotReady(DEAF_REASON).catch(() => undefined)
}

let live: LiveSocket | null = null
let onLoggedOut: () => void = () => undefined
/** The agent asked for this tab to be the desk while its link was closed. */
let takingOver = false

function tabId(): string | null {
  return sessionStorage.getItem(TAB_STORED)
}

function reportPhone(): void {
  // A link that is coming back is still this page's: the call may be heard all the while.
  const registered = state.phone.line === 'registered'
  live?.send({ v: 1, type: 'phone', registered, in_call: state.phone.call !== 'idle' })
}

/** Opens the desk for the logged-in person. */
export function openDesk(me: Me, loggedOut: () => void): void {
  if (live) return
  onLoggedOut = loggedOut
  state.me = me
  state.active = null
  live = new LiveSocket(
    me.live_path,
    {
      message: onMessage,
      linked: (up) => (state.linked = up),
      inCall: () => state.active === true && IN_CALL.includes(state.agent?.state ?? ''),
      cameBack: (since) => softphone.cutOff(since),
      alive: () => softphone.look(),
      loggedOut: () => onLoggedOut(),
      outdated: () => (state.outdated = true),
    },
    () => ({ v: 1, type: 'hello', tab: tabId() }),
  )
  live.open()
}

/** Closes everything: logging out. */
export function closeDesk(): void {
  live?.close()
  live = null
  softphone.stop()
  microphone.close()
  calm()
  clearCaptions()
  closeForm()
  Object.assign(state, { me: null, linked: false, active: null, agent: null, call: null, card: null, rangAt: null })
}

function onMessage(message: ServerMessage): void {
  switch (message.type) {
    case 'hello':
      return onHello(message)
    case 'agent':
      state.agent = message.agent
      if (message.agent.state !== 'ringing') state.rangAt = null
      return
    case 'call':
      return onCall(message.call)
    case 'pop':
      return onPop(message.card, message.rang_at)
    case 'pop_closed':
      return onPopClosed(message.call_id, message.reason)
    case 'taken_over':
      return becomeSpectator()
    case 'link':
      state.ami = message.ami
      return
    case 'captions':
      return showCaptions(message)
    case 'caption':
      return takeCaption(message)
    case 'floor':
      floor.value = message
      return
    case 'acted':
      state.acted = message
      return
    case 'recording_ready':
      state.recording = { contact_id: message.contact_id, recording_id: message.recording_id }
  }
}

function onHello(hello: Hello): void {
  sessionStorage.setItem(TAB_STORED, hello.tab)
  setServerTime(hello.now)
  state.ami = hello.ami
  state.active = hello.active
  state.agent = hello.agent
  state.call = hello.call
  if (hello.call?.contact_id) measuredCall = hello.call.contact_id
  state.card = hello.card
  if (hello.agent?.state !== 'ringing') state.rangAt = null
  else state.rangAt ??= hello.agent.since
  if (hello.card) openForm(hello.card, hello.draft)
  showCaptions(hello.captions)
  if (floorView.value !== 'off') live?.send({ v: 1, type: 'watch', floor: floorView.value })
  if (!hello.active) {
    becomeSpectator()
    if (takingOver) live?.send({ v: 1, type: 'take_over' })
    return
  }
  takingOver = false
  const sip = state.me?.sip
  if (sip) {
    softphone.start(sip)
    void microphone.open().catch(() => undefined)
  }
  reportPhone()
}

function becomeSpectator(): void {
  state.active = false
  softphone.yieldToOtherTab()
  microphone.close()
  calm()
}

function onCall(call: CallState | null): void {
  state.call = call
  if (call?.contact_id) measuredCall = call.contact_id
  if (call !== null) {
    // While it rings the pop brings the card.
    const known = call.state === 'ringing' || call.contact_id === state.card?.contact_id
    if (call.contact_id && !known) void readCard(call.contact_id)
    return
  }
  state.card = null
  state.rangAt = null
  clearCaptions()
  closeForm()
}

/** The card is painted first; the form, ten times the work, follows while the eye reads the number. */
function onPop(card: Card, rangAt: string): void {
  state.card = card
  state.rangAt = rangAt
  const open = (): void => {
    if (state.card?.contact_id === card.contact_id) openForm(state.card)
  }
  if (document.hidden) open()
  else requestAnimationFrame(() => setTimeout(open))
}

/** A call that came without a pop (dialled by the agent, or taken up by a page just loaded). */
async function readCard(contactId: string): Promise<void> {
  const card = await api<CardAnswer>(`/card/${contactId}`).catch(() => null)
  const draft = await api<DraftAnswer>(`/drafts/${contactId}`).catch(() => null)
  if (card === null || state.call?.contact_id !== contactId || state.card?.contact_id === contactId) return
  state.card = card.card
  openForm(card.card, draft?.draft ?? null)
}

function onPopClosed(callId: string, reason: string): void {
  state.rangAt = null
  if (reason === 'answered' || (state.call && state.call.call_id !== callId)) return
  state.card = null
  closeForm()
}

// --- what the agent does ------------------------------------------------------------------------------------

export async function goReady(): Promise<void> {
  state.soundOn = soundUnlocked()
  await api('/agent/ready', { method: 'POST' })
}

export async function goNotReady(reason: string): Promise<void> {
  await api('/agent/not-ready', { method: 'POST', body: { reason } })
}

/** Ends wrap-up.  What is in the form is stored first, so nothing typed is lost. */
export async function finishWrapUp(): Promise<void> {
  await formOf(state.card?.contact_id)?.flush()
  await api('/agent/wrap-up-done', { method: 'POST' })
}

export function answer(): void {
  calm()
  void softphone.answer()
}

/** Hangs up here, or through the switch when the telephone is not this browser. */
export async function hangUp(): Promise<void> {
  if (state.phone.call !== 'idle') softphone.hangUp()
  else await api('/agent/hangup', { method: 'POST' })
}

export function toggleMute(): void {
  softphone.mute(!state.phone.muted)
}

export function sendDigits(digits: string): void {
  softphone.sendDigits(digits)
}

/** From now on this page shows so much of the floor. */
export function watchFloor(view: FloorView): void {
  floorView.value = view
  if (view === 'off') floor.value = null
  live?.send({ v: 1, type: 'watch', floor: view })
}

/** The agent has read what a supervisor set. */
export function actedRead(): void {
  state.acted = null
}

/** Makes this tab the desk; the other one gives up its telephone. */
export function takeOver(): void {
  takingOver = true
  if (!live?.send({ v: 1, type: 'take_over' })) live?.open()
}

export async function retryMicrophone(): Promise<void> {
  await microphone.reopen()
}

/** The stream that would be spoken into; for the level meter of the check. */
export function openMicrophone(): Promise<MediaStream> {
  return microphone.open()
}

window.addEventListener('online', () => softphone.networkChanged())
document.addEventListener('visibilitychange', () => document.hidden || softphone.look())

export function noteSound(on: boolean): void {
  state.soundOn = on
}

const rings = computed(() => state.phone.call === 'ringing')

watch(rings, (now) => {
  if (!now) return calm()
  state.soundOn = soundUnlocked()
  alarm(t('ring.title'), [usable('speaker'), usable('ringer')])
})
// The card may come a moment later than the ring.  A notification is seen by whoever looks at the screen.
watch(
  () => (rings.value ? (state.card?.number_masked ?? '') : null),
  (number) => number !== null && notice(t('ring.title'), grouped(number)),
)
