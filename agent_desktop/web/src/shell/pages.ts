/** The pages a person may open, by what the roles allow. */
import { account, may } from '@/desk/account'
import type { Key } from '@/i18n'
import { recordingTabs } from '@/replay/tabs'

export interface Page {
  readonly to: string
  readonly label: Key
}

interface Entry extends Page {
  readonly open: (roles: readonly string[]) => boolean
}

const UNITS = ['unit_handler', 'unit_leader', 'upper_reviewer']
const DISPATCH = ['dispatcher', 'supervisor']
const WATCH = ['dispatcher', 'supervisor', 'duty_leader', 'inspector']
const any = (wanted: readonly string[], roles: readonly string[]): boolean => roles.some((one) => wanted.includes(one))

const ENTRIES: readonly Entry[] = [
  { to: '/desk', label: 'nav.desk', open: () => account.me?.agent != null },
  { to: '/inbox', label: 'nav.inbox', open: (roles) => may('ticket.read') && any(UNITS, roles) },
  { to: '/dispatch', label: 'nav.dispatch', open: (roles) => may('ticket.write') && any(DISPATCH, roles) },
  { to: '/supervision', label: 'nav.supervision', open: (roles) => may('ticket.read') && any(WATCH, roles) },
  { to: '/floor', label: 'nav.floor', open: () => may('floor.read') },
  { to: '/calls', label: 'nav.calls', open: () => may('call.read') },
  { to: '/voicemail', label: 'nav.voicemail', open: () => may('voicemail.handle') },
  { to: '/survey', label: 'nav.survey', open: () => may('call.read') && may('floor.read') },
  { to: '/recordings', label: 'nav.recordings', open: () => recordingTabs().length > 0 },
  { to: '/tickets', label: 'nav.tickets', open: () => may('ticket.read') },
  { to: '/statistics', label: 'nav.statistics', open: () => may('statistics.read') },
  { to: '/knowledge', label: 'nav.knowledge', open: () => may('knowledge.write') },
  { to: '/callers', label: 'nav.callers', open: () => may('caller.review') },
  { to: '/recusals', label: 'nav.recusals', open: () => may('ticket.read') },
  { to: '/rules', label: 'nav.rules', open: () => may('ticket.read') },
  { to: '/office', label: 'nav.office', open: () => may('office.read') },
  { to: '/ledger', label: 'nav.ledger', open: () => may('ledger.read') },
]

export function openPages(): readonly Page[] {
  const roles = account.me?.user.roles ?? []
  return ENTRIES.filter((entry) => entry.open(roles))
}

/** Where somebody starts. */
export function firstPage(): string {
  return openPages()[0]?.to ?? '/login'
}
