/** The parts of the recordings page, by what the person may do. */
import { account, may } from '@/desk/account'
import type { Key } from '@/i18n'

export interface Tab {
  readonly to: string
  readonly label: Key
}

interface Entry extends Tab {
  readonly open: () => boolean
}

const ENTRIES: readonly Entry[] = [
  { to: '/recordings/replay', label: 'replay.tab_search', open: () => may('recording.search') },
  { to: '/recordings/quality', label: 'replay.tab_quality', open: () => may('recording.review') },
  { to: '/recordings/keeping', label: 'replay.tab_keeping', open: () => may('recording.keep') },
  { to: '/recordings/listened', label: 'replay.tab_listened', open: () => account.me?.agent != null },
]

export function recordingTabs(): readonly Tab[] {
  return ENTRIES.filter((entry) => entry.open())
}

export function firstTab(): string {
  return recordingTabs()[0]?.to ?? '/calls'
}
