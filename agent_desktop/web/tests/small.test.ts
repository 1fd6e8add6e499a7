import { describe, expect, it, vi } from 'vitest'
import { clock, grouped } from '@/i18n/format'
import { capGathering } from '@/phone/ice'
import { contactUri, sipSocketUrl } from '@/phone/addresses'
import { commandOf, pageOf, SHORTCUTS } from '@/shell/keys'
import { emptyFields, fieldsFrom, missingIn } from '@/tickets/fields'

const NO_KEYS = { key: '', code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }

describe('shortcuts', () => {
  it('are found whatever the input method makes of the letter', () => {
    expect(commandOf({ ...NO_KEYS, key: 'ß', code: 'KeyS', ctrlKey: true })).toBe('save')
    expect(commandOf({ ...NO_KEYS, key: 's', code: 'KeyS', metaKey: true })).toBe('save')
    expect(commandOf({ ...NO_KEYS, key: 'F2', code: 'F2' })).toBe('answer')
  })
  it('leave ordinary typing alone', () => {
    expect(commandOf({ ...NO_KEYS, key: 's', code: 'KeyS' })).toBeNull()
    expect(pageOf({ ...NO_KEYS, key: '2', code: 'Digit2', altKey: true })).toBe(2)
    expect(pageOf({ ...NO_KEYS, key: '2', code: 'Digit2' })).toBeNull()
    expect(commandOf({ ...NO_KEYS, key: 'r', code: 'KeyR' })).toBeNull()
    expect(commandOf({ ...NO_KEYS, key: 'S', code: 'KeyS', ctrlKey: true, shiftKey: true })).toBeNull()
  })
  it('do not collide', () => {
    const presses = SHORTCUTS.map((row) => `${row.ctrl}${row.alt}${row.key}`)
    expect(new Set(presses).size).toBe(presses.length)
  })
})

describe('the fields of a ticket', () => {
  it('come back from a draft as they went in, and nothing else with them', () => {
    const typed = { ...emptyFields(), title: '路灯不亮', kind: 'complaint' as const, confidential: true }
    expect({ ...emptyFields(), ...fieldsFrom({ ...typed, key: 'k', other: 1 }) }).toEqual(typed)
    expect(fieldsFrom({ title: 5, kind: 'nonsense', confidential: 'yes' })).toEqual({})
  })
  it('name what is missing', () => {
    expect(missingIn(emptyFields())).toEqual({ category: 'missing', title: 'missing', text: 'missing' })
    expect(missingIn({ ...emptyFields(), category: 'c', title: ' ', text: 't' })).toEqual({ title: 'missing' })
  })
})

describe('R43: ICE gathering', () => {
  it('ends after its limit, once', () => {
    vi.useFakeTimers()
    const connection = Object.assign(new EventTarget(), { iceGatheringState: 'new' as RTCIceGatheringState })
    const last: unknown[] = []
    connection.addEventListener('icecandidate', (event) => last.push((event as RTCPeerConnectionIceEvent).candidate))
    capGathering(connection, 500)
    connection.iceGatheringState = 'gathering'
    connection.dispatchEvent(new Event('icegatheringstatechange'))
    vi.advanceTimersByTime(499)
    expect(last).toEqual([])
    vi.advanceTimersByTime(1)
    expect(last).toEqual([null])
    vi.useRealTimers()
  })
  it('is left alone when it was quick', () => {
    vi.useFakeTimers()
    const connection = Object.assign(new EventTarget(), { iceGatheringState: 'gathering' as RTCIceGatheringState })
    const last = vi.fn()
    connection.addEventListener('icecandidate', last)
    capGathering(connection)
    connection.dispatchEvent(new Event('icegatheringstatechange'))
    connection.iceGatheringState = 'complete'
    vi.advanceTimersByTime(1000)
    expect(last).not.toHaveBeenCalled()
    vi.useRealTimers()
  })
})

describe('what people read', () => {
  it('counts time', () => {
    expect([0, 59, 60, 3599, 3600, -3].map(clock)).toEqual(['0:00', '0:59', '1:00', '59:59', '1:00:00', '0:00'])
  })
  it('groups mobile numbers and leaves others alone', () => {
    expect(grouped('13800138000')).toBe('138 0013 8000')
    expect(grouped('0531-88886666')).toBe('0531-88886666')
  })
  it('is reached under its own extension, never twice under the same address', () => {
    expect(contactUri('sip:8001@desk.invalid')).toMatch(/^sip:8001@[a-z0-9]{16}\.invalid;transport=ws$/)
    expect(contactUri('sip:8001@desk.invalid')).not.toBe(contactUri('sip:8001@desk.invalid'))
  })
  it('dials over the page’s own address', () => {
    expect(sipSocketUrl('/sip', { protocol: 'https:', host: 'desk:8443' })).toBe('wss://desk:8443/sip')
    expect(sipSocketUrl('/sip?phone=demo', { protocol: 'http:', host: '127.0.0.1:1' })).toBe('ws://127.0.0.1:1/sip?phone=demo')
  })
})
