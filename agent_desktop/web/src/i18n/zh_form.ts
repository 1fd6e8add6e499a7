/** The guided form, what stands beside it, and the ledger of callers: Chinese. */
export const zhForm = {
  'error.unknown_disposition': '没有这个通话结果。',
  'error.disposition_required': '请先选择通话结果，再结束整理。',
  'error.unknown_mark': '没有这种标记。',
  'error.anonymous_caller': '来电人未显示号码，不能登记标记。',
  'error.own_mark': '自己登记的标记须由他人核实。',
} as const
