/** What the logged-in person hears right now, and the commands for it. */
import { computed } from 'vue'
import { Once } from '@/api/once'
import { api } from '@/api/http'
import { account } from '@/desk/account'
import { floor } from './feed'

export type Ear = 'listen' | 'whisper'
export type Coming = Ear | 'barge'
export type Act = 'ready' | 'not_ready' | 'log_out'

/** The agent at whose call this person is, with how. */
export const own = computed(() => {
  for (const agent of floor.value?.agents ?? []) {
    const ear = agent.ears.find((one) => one.by === account.me?.user.user_id)
    if (ear) return { agent, ear }
  }
  return null
})

const coming = new Once()
const acting = new Once()

/** Calls the person's own telephone; answers when it hears (or, coming in, when it is being called). */
export function come(agentId: string, how: Coming, reason: string): Promise<unknown> {
  if (how === 'barge') return coming.post(`/floor/${agentId}/barge`, { reason })
  return coming.post(`/floor/${agentId}/listen`, { mode: how, reason })
}

export function turn(mode: Ear): Promise<unknown> {
  return api('/floor/listening/turn', { method: 'POST', body: { mode } })
}

export function stop(): Promise<unknown> {
  return api('/floor/listening/end', { method: 'POST' })
}

export function act(agentId: string, state: Act, code: string, reason: string): Promise<unknown> {
  return acting.post(`/floor/${agentId}/act`, { state, code, reason })
}
