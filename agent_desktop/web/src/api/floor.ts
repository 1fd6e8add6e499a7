/** What the HTTP API gives of the floor, under the names this app uses. */
export type { FloorAct, FloorActPage, FloorActs } from '@/generated/http'
export type {
  FloorAgent,
  FloorCounts,
  FloorLimits,
  FloorMessage,
  FloorQuarter,
  FloorQueue,
  FloorStaffing,
  FloorWaiter,
} from '@/generated/live'
