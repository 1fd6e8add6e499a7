import { describe, expect, it } from 'vitest'
import { allows, CALL, inCall, LINE, step, type CallEvent, type CallState, type LineState } from '@/phone/machine'

function walk(start: CallState, ...events: CallEvent[]): CallState {
  return events.reduce((state, event) => {
    const next = step(CALL, state, event)
    expect(next, `${event} in ${state}`).not.toBeNull()
    return next!
  }, start)
}

describe('the call table', () => {
  it('answers, holds, resumes and ends', () => {
    expect(walk('idle', 'invited', 'answer', 'connected')).toBe('talking')
    expect(walk('talking', 'hold', 'held', 'resume', 'resumed', 'hang_up', 'gone')).toBe('idle')
  })
  it('has at most one row for each state and event', () => {
    const seen = CALL.flatMap((row) => row.from.map((from) => `${from} ${row.on}`))
    expect(new Set(seen).size).toBe(seen.length)
  })
  it('comes back to idle from every state', () => {
    const states = new Set(CALL.flatMap((row) => [...row.from, row.to]))
    for (const state of states) if (state !== 'idle') expect(step(CALL, state, 'gone')).toBe('idle')
  })
  it('keeps the call while the link is away', () => {
    expect(walk('talking', 'unlinked', 'linked')).toBe('talking')
    expect(walk('held', 'unlinked', 'linked')).toBe('held')
    expect(walk('talking', 'unlinked', 'hang_up')).toBe('ending')
  })
  it('refuses what comes too late', () => {
    expect(step(CALL, 'idle', 'answer')).toBeNull()
    expect(step(CALL, 'talking', 'invited')).toBeNull()
    expect(step(CALL, 'ending', 'hold')).toBeNull()
    expect(allows(CALL, 'ringing', 'hang_up')).toBe(true)
  })
  it('takes a failed hold back', () => {
    expect(walk('talking', 'hold', 'hold_failed')).toBe('talking')
    expect(walk('held', 'resume', 'resume_failed')).toBe('held')
  })
  it('knows when two people are connected', () => {
    expect((['talking', 'held', 'talking_unlinked'] as const).every(inCall)).toBe(true)
    expect((['idle', 'ringing', 'dialling', 'ending'] as const).some(inCall)).toBe(false)
  })
})

describe('the line table', () => {
  it('comes back after every kind of loss', () => {
    for (const lost of ['refused', 'elsewhere', 'off'] satisfies LineState[])
      expect(step(LINE, lost, 'start')).toBe('connecting')
    expect(step(LINE, 'lost', 'registered')).toBe('registered')
  })
  it('gives way to another tab from every running state', () => {
    for (const state of ['connecting', 'registered', 'lost', 'refused'] satisfies LineState[])
      expect(step(LINE, state, 'taken_over')).toBe('elsewhere')
  })
  it('does not start twice', () => expect(step(LINE, 'registered', 'start')).toBeNull())
  it('is not started anew while it reconnects, for a call may go on', () =>
    expect(step(LINE, 'lost', 'start')).toBeNull())
})
