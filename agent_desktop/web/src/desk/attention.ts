/** Makes a ringing call noticed: sound, the page's title, and a notification when the page is out of sight. */
import { startRing } from '@/phone/ring'

let stopRing: (() => void) | null = null
let flashing: ReturnType<typeof setInterval> | undefined
let quietTitle = ''
let note: Notification | null = null

/** Ask in a click; browsers refuse questions that come from nowhere. */
export function askForNotifications(): void {
  if ('Notification' in window && Notification.permission === 'default') void Notification.requestPermission()
}

/** Rings on every one of these outputs ('' is the system's own) and flashes the title. */
export function alarm(title: string, outputs: readonly string[]): void {
  calm()
  stopRing = startRing(outputs)
  quietTitle = document.title
  let shown = false
  const flash = (): void => {
    shown = !shown
    document.title = shown ? `☎ ${title}` : quietTitle
  }
  flash()
  flashing = setInterval(flash, 1000)
}

/** Says outside of the page what it is about, when the page is not looked at.  Said again, it replaces what was said. */
export function notice(title: string, body: string): void {
  const looked = !document.hidden && document.hasFocus()
  if (looked || !('Notification' in window) || Notification.permission !== 'granted') return
  const shown = new Notification(title, { body, tag: 'hotline-ring', requireInteraction: true })
  shown.onclick = () => {
    window.focus()
    shown.close()
  }
  note = shown
}

export function calm(): void {
  stopRing?.()
  stopRing = null
  note?.close()
  note = null
  if (flashing === undefined) return
  clearInterval(flashing)
  flashing = undefined
  document.title = quietTitle
}
