/** Why this person listens: said once, shown with every recording it opens, kept as long as the tab. */
import { ref } from 'vue'

const STORED = 'hotline.reason'
export const SHORTEST = 2

function stored(): string {
  try {
    return sessionStorage.getItem(STORED) ?? ''
  } catch {
    return ''
  }
}

export const reason = ref(stored())

export function setReason(next: string): void {
  reason.value = next.trim()
  try {
    sessionStorage.setItem(STORED, reason.value)
  } catch {
    // Private windows may refuse storage; the reason then lasts as long as the page.
  }
}
