/** One ticking clock for every timer on the screen, set to the server's time. */
import { computed, onScopeDispose, ref, type ComputedRef } from 'vue'

const tick = ref(Date.now())
const skew = ref(0)
let users = 0
let timer: ReturnType<typeof setInterval> | undefined

/** Sets the difference between the server's clock and this computer's. */
export function setServerTime(iso: string): void {
  skew.value = new Date(iso).getTime() - Date.now()
}

/** The server's time in ms since 1970, running. */
export function useNow(): ComputedRef<number> {
  users += 1
  timer ??= setInterval(() => (tick.value = Date.now()), 250)
  onScopeDispose(() => {
    users -= 1
    if (users > 0) return
    clearInterval(timer)
    timer = undefined
  })
  return computed(() => tick.value + skew.value)
}

/** Whole seconds since `start`, running; null while there is no start. */
export function useSince(start: () => string | null | undefined): ComputedRef<number | null> {
  const now = useNow()
  return computed(() => {
    const at = start()
    if (!at) return null
    return Math.max(0, Math.floor((now.value - new Date(at).getTime()) / 1000))
  })
}
