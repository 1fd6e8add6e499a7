/** Fetches a signed copy and hands it to the browser as a download. */
import { ApiError, type ApiProblem } from '@/api/http'

export interface ExportOrder {
  readonly reason: string
  readonly start: number
  readonly end: number | null
  readonly format: string
  readonly mask: boolean
  readonly watermark: string
  readonly untouched: boolean
}

export async function exportClip(recordingId: string, order: ExportOrder): Promise<void> {
  const response = await fetch(`/api/v1/recordings/${recordingId}/exports`, {
    method: 'POST',
    headers: { 'X-Requested-With': 'hotline', 'Content-Type': 'application/json' },
    body: JSON.stringify(order),
    credentials: 'same-origin',
  }).catch(() => null)
  if (!response) throw new ApiError(0, { error_id: 'no_answer', message: '', detail: {} })
  if (!response.ok) throw new ApiError(response.status, await problemOf(response))
  const name = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'recording.zip'
  const address = URL.createObjectURL(await response.blob())
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const body = (await response.json().catch(() => null)) as { error?: ApiProblem } | null
  return body?.error ?? { error_id: 'internal', message: '', detail: {} }
}
