/**
 * Which microphone, loudspeaker and second loudspeaker (for the ring) this browser uses: chosen once, kept in this
 * browser, and forgotten by nobody when a headset is pulled out and put in again.
 */
import { reactive, readonly } from 'vue'

export type DeviceUse = 'microphone' | 'speaker' | 'ringer'

export interface Device {
  readonly id: string
  readonly label: string
}

interface DevicesState {
  inputs: readonly Device[]
  outputs: readonly Device[]
  /** Device ids; '' is what the system prefers, and for the ringer: none. */
  chosen: Record<DeviceUse, string>
}

const STORED = 'hotline.devices'
const PASSED = 'hotline.devices.passed'
/** A check of the devices holds for a shift. */
const PASSED_HOURS = 12

const state = reactive<DevicesState>({ inputs: [], outputs: [], chosen: { microphone: '', speaker: '', ringer: '' } })
export const devices = readonly(state)

function read(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null // Private windows may refuse storage.
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    // The choice then lasts as long as the page.
  }
}

function remembered(): Partial<Record<DeviceUse, unknown>> {
  try {
    const found: unknown = JSON.parse(read(STORED) ?? '{}')
    return typeof found === 'object' && found !== null ? found : {}
  } catch {
    return {}
  }
}

for (const use of ['microphone', 'speaker', 'ringer'] as const) {
  const id = remembered()[use]
  if (typeof id === 'string') state.chosen[use] = id
}

/** Reads what is plugged in.  Names are known once the microphone was allowed. */
export async function readDevices(): Promise<void> {
  const found = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? []
  const of = (kind: MediaDeviceKind): Device[] =>
    found
      .filter((one) => one.kind === kind && one.deviceId !== '' && one.deviceId !== 'default' && one.deviceId !== 'communications')
      .map((one) => ({ id: one.deviceId, label: one.label }))
  state.inputs = of('audioinput')
  state.outputs = of('audiooutput')
}

export function choose(use: DeviceUse, id: string): void {
  state.chosen[use] = id
  write(STORED, JSON.stringify(state.chosen))
}

/** The chosen device if it is plugged in, else '' (the system's own choice). */
export function usable(use: DeviceUse): string {
  const list = use === 'microphone' ? state.inputs : state.outputs
  return list.some((one) => one.id === state.chosen[use]) ? state.chosen[use] : ''
}

/** Have microphone and loudspeaker been tried in this browser within a shift? */
export function checkedLately(now = Date.now()): boolean {
  const at = Date.parse(read(PASSED) ?? '')
  return Number.isFinite(at) && now - at < PASSED_HOURS * 3_600_000
}

export function noteChecked(now = Date.now()): void {
  write(PASSED, new Date(now).toISOString())
}

/** Something else is plugged in now: what was tried says nothing any more. */
export function forgetCheck(): void {
  write(PASSED, '')
}
