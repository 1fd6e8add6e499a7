/** What a line of a ledger says, in words: without the ids that only the program needs. */
import { unitName } from '@/desk/dictionary'
import { t, tMaybe } from '@/i18n'
import { dateTime } from '@/i18n/format'
import { word } from '@/tickets/act/choices'

type Body = Readonly<Record<string, unknown>>

/** Times with a day and an hour; a bare number is not one. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d/
const IDS = /(_id|^works$|^attachments$|^sha256$|^bytes$|^media$|^redone$|^withdrawn$|^src$|^articles$|^hash$|^given$|^number$|^order$|^duty$|^meeting$|^into$|^to$|^approved$|_file$|^approved_by$)/
const UNIT = /^(unit|by_unit|accused_unit)$/

function isBody(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function said(name: string, value: unknown): string {
  if (typeof value === 'boolean') return t(value ? 'list.yes' : 'list.no')
  if (UNIT.test(name)) return unitName(String(value))
  if (name === 'came_by') return tMaybe(`channel.${String(value)}`, word(String(value)))
  if (Array.isArray(value)) return value.map((one) => (isBody(one) ? '' : unitName(String(one)))).filter(Boolean).join(t('list.comma'))
  if (isBody(value)) return ''
  const text = String(value)
  return TIME.test(text) ? dateTime(text) : word(text)
}

/** Which units got the matter, and until when. */
function works(value: unknown): string {
  if (!Array.isArray(value)) return ''
  return value
    .filter(isBody)
    .filter((one) => typeof one.unit === 'string')
    .map((one) => {
      const due = typeof one.due_at === 'string' ? ` (${t('matter.due')} ${dateTime(one.due_at)})` : ''
      return `${unitName(String(one.unit))}${due}`
    })
    .join(t('list.comma'))
}

/** What somebody looked at or was refused: a page, a voice, or the step that was tried. */
function lookedAt(how: string): string {
  return tMaybe(`looked.${how}`, tMaybe(`verb.${how}`, ''))
}

/** What a line of any ledger says: in the access ledger `how` or `what` names the thing that was seen or changed. */
export function lineSays(ledger: string, body: Body): string {
  const thing = ledger === 'access' ? [body.how, body.what].find((one) => typeof one === 'string') : undefined
  return typeof thing === 'string' ? lookedAt(thing) : detailsOf(body)
}

/** `name: value` for everything a person can read. */
export function detailsOf(body: Body): string {
  const parts: string[] = []
  const given = works(body.works ?? body.redone)
  if (given) parts.push(given)
  for (const [name, value] of Object.entries(body)) {
    if (value === null || value === '' || IDS.test(name)) continue
    const text = said(name, value)
    const label = tMaybe(`need.${name}`, '')
    if (text) parts.push(label ? `${label}: ${text}` : text)
  }
  return parts.join('; ')
}
