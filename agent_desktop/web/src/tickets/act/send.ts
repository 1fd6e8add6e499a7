/** Carrying a verb out: one request, sent again with the same key only when no answer came. */
import { api, ApiError } from '@/api/http'
import type { Matter, MatterAnswer } from '@/api/matter'
import { newKey } from '@/api/key'
import type { Given } from './forms'

export class Sender {
  private key = newKey()

  async send(matter: Matter, workId: string | null, verb: string, given: Given): Promise<Matter> {
    try {
      const answer = await api<MatterAnswer>(`/tickets/${matter.ticket.ticket_id}/acts`, {
        method: 'POST',
        body: { verb, given, work_id: workId, version: matter.ticket.version },
        headers: { 'Idempotency-Key': this.key },
      })
      return answer.matter
    } catch (error) {
      if (error instanceof ApiError && error.status !== 0) this.key = newKey()
      throw error
    }
  }
}

/** Everything about a ticket that this person may see. */
export async function readMatter(ticketId: string): Promise<Matter> {
  return (await api<MatterAnswer>(`/tickets/${ticketId}/matter`)).matter
}
