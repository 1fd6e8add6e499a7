/** The English texts of what a regulation wants to see in a unit's report and in a circular. */
import type { zhReport } from './zh_report'

export const enReport: Readonly<Record<keyof typeof zhReport, string>> = {
  'need.answered_via': 'How the caller was answered',
  'need.answered_note': 'Why the caller could not be answered',
  'matter.sign_late': 'Signing late, due',
  'need.rectified': 'Put right',
  'choice.yes': 'yes',
  'choice.no': 'no',
  'choice.EMERGENCY': 'an emergency, for the emergency services',
  'choice.REPEAT': 'the same matter, closed and confirmed before',
  'need.effect': 'Effect of the matter',
  'choice.told_by_phone': 'by telephone',
  'choice.told_in_person': 'in person',
  'choice.told_in_writing': 'in writing',
  'check.all_items_answered': 'an answer to every item',
  'check.attachments_covered': 'an answer to every attachment',
  'check.caller_answered': 'how the caller was answered, or why not',
  'check.satisfaction_or_explanation': 'the caller\'s opinion or why there is none',
  'check.handler_signature': 'the handler\'s signature',
  'check.unit_seal': 'the unit\'s seal',
  'check.leader_approval': 'the leader\'s approval',
}
