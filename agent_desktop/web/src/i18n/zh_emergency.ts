/** Emergencies: their reports, whom they are told to; who may be named and cleared as complained about. */
export const zhEmergency = {
  'need.stage': '上报阶段',
  'choice.first': '首报',
  'choice.follow_up': '续报',
  'choice.final': '终报',
  'choice.accused_unit': '被投诉单位',
  'choice.accused_person': '被投诉人',
  'matter.emergency_reports': '突发上报',
  'event.ticket_emergency': '标为突发',
  'event.emergency_reported': '突发上报',
  'event.emergency_taken_back': '撤销突发',
  'office.to.alarmed': '突发接报人',
  'office.receiver': '接报单位名称，或领导的姓名、登录名',
  'office.alarmed_address': '手机号或邮箱（单位已登记联系方式的可不填）',
  'office.alarmed_places': '发给突发接报人的可以使用：',
  'refusal.already_emergency': '已标为突发；改类别请先撤销。',
  'refusal.report_out_of_order': '先首报，再续报，终报后不再上报。',
} as const
