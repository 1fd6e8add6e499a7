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

export function alarm(title: string, body: string): void {
  calm()
  stopRing = startRing()
  quietTitle = document.title
  let shown = false
  const flash = (): void => {
    shown = !shown
    document.title = shown ? `☎ ${title}` : quietTitle
  }
  flash()
  flashing = setInterval(flash, 1000)
  if (document.hidden && 'Notification' in window && Notification.permission === 'granted') {
    note = new Notification(title, { body, tag: 'hotline-ring', requireInteraction: true })
    note.onclick = () => {
      window.focus()
      note?.close()
    }
  }
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
