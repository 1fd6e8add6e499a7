/** The office's words (kinds, statuses, categories), read once and shown in the chosen language. */
import { computed, shallowRef } from 'vue'
import { api } from '@/api/http'
import type { Category, Dictionary, Label } from '@/api/types'
import { pick } from '@/i18n'

const dictionary = shallowRef<Dictionary | null>(null)
let asked: Promise<void> | null = null

/** Reads the dictionary; a failed try is repeated at the next call. */
export function needDictionary(): Promise<void> {
  asked ??= api<Dictionary>('/dictionary')
    .then((found) => void (dictionary.value = found))
    .catch(() => void (asked = null))
  return asked
}

function labelIn(list: readonly Label[] | undefined, code: string): string {
  const found = list?.find((entry) => entry.code === code)
  return found ? pick(found) : code
}

export const kinds = computed(() => dictionary.value?.kinds ?? [])
export const statuses = computed(() => dictionary.value?.statuses ?? [])
export const categories = computed(() => dictionary.value?.categories ?? [])
/** Ways in that this office knows. */
export const channels = computed(() => dictionary.value?.channels ?? ['phone'])
/** Bytes that a file put to a ticket may have. */
export const largestFile = computed(() => dictionary.value?.largest_file ?? 20 * 1024 * 1024)
export const units = computed(() => dictionary.value?.units ?? [])

export function unitName(unit: string | null | undefined): string {
  const found = dictionary.value?.units.find((entry) => entry.unit_id === unit)
  return found ? pick(found) : (unit ?? '')
}

export function kindName(code: string): string {
  return labelIn(dictionary.value?.kinds, code)
}

export function statusName(code: string): string {
  return labelIn(dictionary.value?.statuses, code)
}

/** The category with everything above it: `City services › Street lights`. */
export function categoryName(code: string): string {
  const names: string[] = []
  let level: readonly Category[] = categories.value
  const parts = code.split('/')
  for (let depth = 1; depth <= parts.length; depth++) {
    const found = level.find((entry) => entry.code === parts.slice(0, depth).join('/'))
    if (!found) return names.length > 0 ? names.join(' › ') : code
    names.push(pick(found))
    level = found.children
  }
  return names.join(' › ')
}
