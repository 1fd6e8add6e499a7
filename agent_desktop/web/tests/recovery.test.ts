import { describe, expect, it } from 'vitest'
import { shownLevel } from '@/phone/level'
import {
  ANSWER_WITHIN_MS,
  grantsRegistration,
  REFRESH_AFTER_MS,
  remedyFor,
  SLEPT_AFTER_MS,
  type LinkFacts,
} from '@/phone/recovery'

const NOW = 1_000_000
const fine: LinkFacts = { now: NOW, lookedAt: NOW - 10_000, registeredAt: NOW - 5_000, askingSince: null, connected: true }

describe('a registration that only looks alive', () => {
  it('is left alone while all is well, and while the user agent is connecting anyway', () => {
    expect(remedyFor(fine)).toBe('none')
    expect(remedyFor({ ...fine, lookedAt: 0 })).toBe('none')
    expect(remedyFor({ ...fine, connected: false, lookedAt: NOW - SLEPT_AFTER_MS * 9 })).toBe('none')
  })
  it('R13, R38: is refreshed by the server’s clock in a tab whose timers are slowed down', () => {
    expect(remedyFor({ ...fine, registeredAt: NOW - REFRESH_AFTER_MS - 1 })).toBe('register')
  })
  it('R40: gets a new socket after the computer slept', () => {
    expect(remedyFor({ ...fine, lookedAt: NOW - SLEPT_AFTER_MS - 1 })).toBe('reconnect')
  })
  it('R41: gets a new socket when a REGISTER has no answer', () => {
    expect(remedyFor({ ...fine, askingSince: NOW - ANSWER_WITHIN_MS + 1, registeredAt: 0 })).toBe('none')
    expect(remedyFor({ ...fine, askingSince: NOW - ANSWER_WITHIN_MS - 1, registeredAt: 0 })).toBe('reconnect')
  })
})

describe("the switch's yes to a REGISTER", () => {
  const yes = 'SIP/2.0 200 OK\r\nVia: SIP/2.0/WS x\r\nCSeq: 7 REGISTER\r\nContact: <sip:8001@x>\r\n\r\n'
  it('is known from the message, a refresh as well', () => {
    expect(grantsRegistration(yes)).toBe(true)
  })
  it('is no challenge, no answer to something else, no bytes', () => {
    expect(grantsRegistration(yes.replace('200 OK', '401 Unauthorized'))).toBe(false)
    expect(grantsRegistration(yes.replace('REGISTER', 'OPTIONS'))).toBe(false)
    expect(grantsRegistration(new ArrayBuffer(3))).toBe(false)
  })
})

describe('the level meter', () => {
  it('shows 60 dB', () => {
    expect([0, 0.0005, 1, 2].map(shownLevel)).toEqual([0, 0, 1, 1])
    expect(shownLevel(0.03)).toBeCloseTo(0.49, 1)
  })
})
