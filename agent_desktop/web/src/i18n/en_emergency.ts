/** Emergencies: their reports, whom they are told to; who may be named and cleared as complained about. */
import type { zhEmergency } from './zh_emergency'

export const enEmergency: Readonly<Record<keyof typeof zhEmergency, string>> = {
  'need.report_to': 'Reported to',
  'need.stage': 'Which report',
  'choice.first': 'first report',
  'choice.follow_up': 'follow-up',
  'choice.final': 'final report',
  'choice.accused_unit': 'the unit complained about',
  'choice.accused_person': 'the person complained about',
  'matter.emergency_reports': 'Reports of the emergency',
  'event.ticket_emergency': 'Emergency',
  'event.emergency_reported': 'Emergency reported',
  'event.emergency_taken_back': 'No emergency',
  'office.to.alarmed': 'Told of emergencies',
  'office.receiver': 'Name of the unit, or name or log-in of the leader',
  'office.alarmed_address': 'Mobile number or e-mail (not needed where the unit has its own)',
  'office.alarmed_places': 'To those told of emergencies it may hold:',
  'refusal.already_emergency': 'It is marked as an emergency already; take that back to change the kind.',
  'refusal.report_out_of_order': 'A first report, then follow-ups; nothing after the final one.',
}
