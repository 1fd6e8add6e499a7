/** Who is logged in. */
import { reactive, readonly } from 'vue'
import { api } from '@/api/http'
import type { LoginAnswer, Me } from '@/api/types'

const state = reactive<{ me: Me | null }>({ me: null })

export const account = readonly(state)

/** Asks the server who we are; null when nobody is logged in.  Throws when the server does not answer. */
export async function loadMe(): Promise<Me | null> {
  state.me = await api<Me>('/me').catch((error: unknown) => {
    if (error instanceof Error && error.message === 'not_logged_in') return null
    throw error
  })
  return state.me
}

export async function logIn(username: string, password: string): Promise<void> {
  await api<LoginAnswer>('/login', { method: 'POST', body: { username, password } })
  await loadMe()
}

export async function logOut(): Promise<void> {
  await api<void>('/logout', { method: 'POST' }).catch(() => undefined)
  state.me = null
}

export function forgetMe(): void {
  state.me = null
}

export function may(permission: string): boolean {
  return state.me?.user.permissions.includes(permission) ?? false
}
