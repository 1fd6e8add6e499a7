/** Why something was refused, as a sentence, with the article it rests on. */
import { ApiError, errorIdOf } from '@/api/http'
import { unitName } from '@/desk/dictionary'
import { t, tMaybe } from '@/i18n'
import { dateTime } from '@/i18n/format'
import { cite } from '@/matter/pack'
import { errorText } from '@/shell/notify'

export interface Refusal {
  readonly text: string
  readonly article: string
}

function words(family: 'need' | 'check', codes: unknown): string {
  const list = Array.isArray(codes) ? codes.map(String) : []
  return list.map((code) => tMaybe(`${family}.${code}`, code)).join(t('list.comma'))
}

export function refusalOf(error: unknown): Refusal {
  const plain = { text: errorText(errorIdOf(error)), article: '' }
  if (!(error instanceof ApiError)) return plain
  const detail = error.problem.detail
  const reason = typeof detail.reason === 'string' ? detail.reason : ''
  const text = tMaybe(`refusal.${reason}`, plain.text, {
    needs: words('need', detail.needs),
    missing: words('check', detail.missing),
    field: tMaybe(`need.${String(detail.field)}`, String(detail.field ?? '')),
    most: String(detail.most ?? ''),
    until: typeof detail.until === 'string' ? dateTime(detail.until) : '',
    due: typeof detail.due === 'string' ? dateTime(detail.due) : '',
    unit: typeof detail.unit === 'string' ? unitName(detail.unit) : '',
  })
  const article = Array.isArray(detail.article) ? cite(detail.article.map(String)) : ''
  return { text, article }
}
