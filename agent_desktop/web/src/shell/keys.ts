/** Keyboard shortcuts of the whole app: the cheat sheet and the listener read the same table. */
import type { Key } from '@/i18n'

export type Command =
  | 'answer'
  | 'hold'
  | 'mute'
  | 'hang_up'
  | 'consult'
  | 'merge'
  | 'transfer'
  | 'cancel'
  | 'leave'
  | 'outcome'
  | 'ready'
  | 'quote'
  | 'devices'
  | 'write'
  | 'save'
  | 'help'

export interface Shortcut {
  readonly command: Command
  /** As `KeyboardEvent.key`, after the modifiers. */
  readonly key: string
  readonly ctrl?: boolean
  readonly alt?: boolean
  readonly label: Key
}

/** Keys that no browser needs for itself, or that it lets a page take. */
export const SHORTCUTS: readonly Shortcut[] = [
  { command: 'answer', key: 'F2', label: 'phone.answer' },
  { command: 'hold', key: 'F4', label: 'phone.hold_or_resume' },
  { command: 'mute', key: 'F8', label: 'phone.mute_or_unmute' },
  { command: 'hang_up', key: 'F9', label: 'phone.hang_up' },
  { command: 'consult', key: 'c', alt: true, label: 'keys.consult' },
  { command: 'merge', key: 'j', alt: true, label: 'keys.merge' },
  { command: 'transfer', key: 't', alt: true, label: 'keys.transfer' },
  { command: 'cancel', key: 'x', alt: true, label: 'keys.cancel' },
  { command: 'leave', key: 'l', alt: true, label: 'keys.leave' },
  { command: 'outcome', key: 'o', alt: true, label: 'keys.outcome' },
  { command: 'ready', key: 'r', alt: true, label: 'keys.ready' },
  { command: 'quote', key: 'q', alt: true, label: 'keys.quote' },
  { command: 'devices', key: 'd', alt: true, label: 'devices.open' },
  { command: 'write', key: 'e', alt: true, label: 'keys.write' },
  { command: 'save', key: 's', ctrl: true, label: 'keys.save' },
  { command: 'help', key: 'F1', label: 'keys.help' },
]

/** How a shortcut is written on a button. */
export function shown(command: Command): string {
  const shortcut = SHORTCUTS.find((row) => row.command === command)!
  return `${shortcut.ctrl ? 'Ctrl+' : ''}${shortcut.alt ? 'Alt+' : ''}${shortcut.key.toUpperCase()}`
}

type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

/** The command a key press stands for; Cmd counts as Ctrl, and `code` finds letters behind an input method. */
export function commandOf(pressed: Pressed): Command | null {
  for (const row of SHORTCUTS) {
    const ctrl = pressed.ctrlKey || pressed.metaKey
    if (ctrl !== (row.ctrl ?? false) || pressed.altKey !== (row.alt ?? false) || pressed.shiftKey) continue
    const same = row.key.length === 1 ? pressed.code === `Key${row.key.toUpperCase()}` : pressed.key === row.key
    if (same) return row.command
  }
  return null
}

/** Alt and a figure open the page at that place of the top bar (counted from 1); null for any other key. */
export function pageOf(pressed: Pressed): number | null {
  if (!pressed.altKey || pressed.ctrlKey || pressed.metaKey || pressed.shiftKey) return null
  const digit = /^Digit([1-9])$/.exec(pressed.code)?.[1]
  return digit ? Number(digit) : null
}
