/** The Chinese texts of what a regulation wants to see in a unit's report and in a circular. */
export const zhReport = {
  'need.answered_via': '答复来电人方式',
  'need.answered_note': '未能答复的说明',
  'matter.sign_late': '签收超时，期限',
  'need.effect': '影响程度',
  'choice.told_by_phone': '电话答复',
  'choice.told_in_person': '当面答复',
  'choice.told_in_writing': '书面答复',
  'check.all_items_answered': '逐项答复',
  'check.attachments_covered': '逐一回应附件',
  'check.caller_answered': '答复来电人情况或说明',
  'check.satisfaction_or_explanation': '满意度或说明',
  'check.handler_signature': '经办人签名',
  'check.unit_seal': '单位印章',
  'check.leader_approval': '领导审签',
} as const
