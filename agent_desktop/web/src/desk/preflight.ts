/** The check of microphone and loudspeaker that comes before being ready. */
import { ref } from 'vue'
import { account } from '@/desk/account'
import { checkedLately, noteChecked } from '@/phone/devices'

/** Is the check on the screen? */
export const checking = ref(false)

let decided: ((passed: boolean) => void) | null = null

/** True when calls may be taken: checked within the shift, or now. */
export function devicesReady(): Promise<boolean> {
  if (!account.me?.sip || checkedLately()) return Promise.resolve(true)
  return openCheck()
}

/** Shows the check; true when the person has heard and been heard. */
export function openCheck(): Promise<boolean> {
  checking.value = true
  decided?.(false)
  return new Promise((resolve) => (decided = resolve))
}

export function closeCheck(passed: boolean): void {
  if (passed) noteChecked()
  checking.value = false
  decided?.(passed)
  decided = null
}
