/** The floor as the server last told it, and what of it this page shows. */
import { ref, shallowRef } from 'vue'
import type { FloorMessage } from '@/generated/live'

export type FloorView = 'off' | 'floor' | 'wall'

export const floor = shallowRef<FloorMessage | null>(null)
export const floorView = ref<FloorView>('off')
