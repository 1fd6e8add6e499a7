/** Files on their way to a ticket: chosen at once, sent one after the other as soon as there is a ticket. */
import { reactive } from 'vue'
import { ApiError, problemOf } from '@/api/http'
import type { AttachmentAnswer, AttachmentOut } from '@/generated/http'
import { largestFile } from '@/desk/dictionary'
import { newKey } from '@/api/key'

export interface Upload {
  /** Sent again after a broken line, it is stored once. */
  readonly key: string
  readonly name: string
  readonly file: File
  state: 'waiting' | 'sending' | 'failed'
  /** Per cent. */
  progress: number
  /** Stable id of what went wrong. */
  error: string
}

export class Uploads {
  readonly list = reactive<Upload[]>([])
  /** What has arrived. */
  readonly done = reactive<AttachmentOut[]>([])
  private running: Promise<boolean> | null = null

  /** Puts files on the list; one that is too large is said at once instead of after the sending. */
  add(files: readonly File[], name: (file: File) => string = (file) => file.name): void {
    for (const file of files) {
      const fits = file.size <= largestFile.value
      const state = { state: fits ? ('waiting' as const) : ('failed' as const), error: fits ? '' : 'too_large' }
      this.list.push({ key: newKey(), name: name(file).slice(-200) || 'file', file, progress: 0, ...state })
    }
  }

  remove(upload: Upload): void {
    const place = this.list.indexOf(upload)
    if (place >= 0) this.list.splice(place, 1)
  }

  /** For another ticket. */
  clear(): void {
    this.list.splice(0)
    this.done.splice(0)
  }

  /** Sends what is on the list; true when nothing is left on it.  Asked for twice, it is done once. */
  send(ticketId: string): Promise<boolean> {
    this.running ??= this.sendAll(ticketId).finally(() => (this.running = null))
    return this.running
  }

  private async sendAll(ticketId: string): Promise<boolean> {
    const sent = new Set<string>()
    for (let next = this.next(sent); next; next = this.next(sent)) {
      sent.add(next.key)
      Object.assign(next, { state: 'sending', progress: 0, error: '' })
      try {
        this.done.push(await put(ticketId, next))
        this.remove(next)
      } catch (error) {
        Object.assign(next, { state: 'failed', error: error instanceof ApiError ? error.id : 'internal' })
      }
    }
    return this.list.length === 0
  }

  /** The next one that has not been tried in this round. */
  private next(sent: ReadonlySet<string>): Upload | undefined {
    return this.list.find((one) => !sent.has(one.key) && one.error !== 'too_large' && one.error !== 'type_refused')
  }
}

/** `fetch` tells nothing of what has been sent, so this one request is made the older way. */
function put(ticketId: string, upload: Upload): Promise<AttachmentOut> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', `/api/v1/tickets/${ticketId}/attachments?name=${encodeURIComponent(upload.name)}`)
    request.responseType = 'json'
    request.setRequestHeader('X-Requested-With', 'hotline')
    request.setRequestHeader('Idempotency-Key', upload.key)
    request.setRequestHeader('Content-Type', 'application/octet-stream')
    request.upload.onprogress = (event) => {
      upload.progress = event.total > 0 ? Math.round((100 * event.loaded) / event.total) : 0
    }
    request.onload = () => {
      if (request.status === 201) resolve((request.response as AttachmentAnswer).attachment)
      else reject(new ApiError(request.status, problemOf(request.response)))
    }
    request.onerror = () => reject(new ApiError(0, { error_id: 'no_answer', message: '', detail: {} }))
    request.send(upload.file)
  })
}

/** Bytes as people read them. */
export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`
  return `${Number((bytes / 1024 / 1024).toFixed(1))} MB`
}
