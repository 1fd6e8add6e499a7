/** POSTs that make something: sent again with the same key while no answer came, so that it is made once. */
import { newKey } from '@/api/key'
import { api, ApiError } from './http'

export class Once {
  private key = newKey()

  async post<T>(path: string, body: unknown): Promise<T> {
    try {
      const answer = await api<T>(path, { method: 'POST', body, headers: { 'Idempotency-Key': this.key } })
      this.key = newKey()
      return answer
    } catch (error) {
      if (error instanceof ApiError && error.status !== 0) this.key = newKey()
      throw error
    }
  }
}
