/** The guided form, what stands beside it, and the ledger of callers: English. */
import type { zhForm } from './zh_form'

export const enForm: Record<keyof typeof zhForm, string> = {
  'error.unknown_disposition': 'There is no such outcome of a call.',
  'error.disposition_required': 'Say first how the call turned out, then finish.',
  'error.unknown_mark': 'There is no such mark.',
  'error.anonymous_caller': 'The caller hides the number; nothing can be noted about it.',
  'error.own_mark': 'Somebody else has to confirm a mark of yours.',
}
