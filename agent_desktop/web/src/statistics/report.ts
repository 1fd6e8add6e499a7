/** What the lines of a report of one's own can be by, and how their values are called. */
import { categoryName, kindName, unitName } from '@/desk/dictionary'
import { t, tMaybe } from '@/i18n'

export const DIMENSIONS = ['category', 'kind', 'channel', 'origin', 'unit'] as const
export type Dimension = (typeof DIMENSIONS)[number]

/** The value in the reader's language; what a ticket does not have says so. */
export function valueName(dimension: Dimension, value: string): string {
  if (value === '') return dimension === 'unit' ? t('report.no_unit') : t('report.none')
  if (dimension === 'category') return categoryName(value)
  if (dimension === 'kind') return kindName(value)
  if (dimension === 'unit') return unitName(value)
  return tMaybe(`${dimension}.${value}`, value)
}

/** The same where there is little room: of a category its last level alone. */
export function shortName(dimension: Dimension, value: string): string {
  return valueName(dimension, value).split(' › ').at(-1) ?? value
}
