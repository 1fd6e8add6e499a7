/** The office's settings: read as they are in force, changed from the version they were read in. */
import { api } from '@/api/http'
import type { LedgerPage } from '@/api/matter'
import type { SettingAnswer } from '@/api/types'

export const NAMES = ['units', 'categories', 'roles', 'messages', 'parameters', 'desk'] as const
export type Name = (typeof NAMES)[number] | `calendar-${number}`

export interface UnitEntry {
  unit_id: string
  zh: string
  en: string
  kind: string
  parent: string | null
  enabled: boolean
  group: string | null
  mobile: string
  email: string
}

export interface CategoryEntry {
  code: string
  zh: string
  en: string
  children: CategoryEntry[]
}

export interface RoleEntry {
  zh: string
  en: string
  sees: string
  verbs: string[]
  reads: string[]
  permissions: string[]
}

export interface MessageEntry {
  id: string
  on: string
  by: string
  to: string
  subject: string
  text: string
  address: string
  receiver: string
}

export function readSetting(name: Name): Promise<SettingAnswer> {
  return api<SettingAnswer>(`/settings/${name}`)
}

export function writeSetting(name: Name, version: number, value: object): Promise<SettingAnswer> {
  return api<SettingAnswer>(`/settings/${name}`, { method: 'PUT', body: { version, value } })
}

export function readChanges(name: Name, cursor: string | null): Promise<LedgerPage> {
  return api<LedgerPage>(`/settings/${name}/history?limit=20${cursor ? `&cursor=${cursor}` : ''}`)
}
