/** Calls to the desk's HTTP API: one place for the cookie, the forgery guard and the one error shape. */

export interface ApiProblem {
  readonly error_id: string
  readonly message: string
  readonly detail: Readonly<Record<string, unknown>>
}

/** Any answer that is not a success.  `error_id` is stable and has a translation; `status` 0 means no answer. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly problem: ApiProblem,
  ) {
    super(problem.error_id)
  }

  get id(): string {
    return this.problem.error_id
  }
}

export interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** Lets the request outlive the page: for the last words of a tab that is being closed. */
  readonly keepalive?: boolean
}

let onLoggedOut: () => void = () => undefined

/** Sets what happens when the server says that the session is over. */
export function whenLoggedOut(act: () => void): void {
  onLoggedOut = act
}

export async function api<T>(path: string, call: Call = {}): Promise<T> {
  const headers: Record<string, string> = { 'X-Requested-With': 'hotline', ...call.headers }
  if (call.body !== undefined) headers['Content-Type'] = 'application/json'
  let response: Response
  try {
    response = await fetch(`/api/v1${path}`, {
      method: call.method ?? 'GET',
      headers,
      body: call.body === undefined ? null : JSON.stringify(call.body),
      credentials: 'same-origin',
      keepalive: call.keepalive ?? false,
      signal: call.signal ?? null,
    })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new ApiError(0, { error_id: 'no_answer', message: 'No answer from the server.', detail: {} })
  }
  if (response.status === 204) return undefined as T
  const body: unknown = await response.json().catch(() => null)
  if (response.ok) return body as T
  const problem = problemOf(body)
  if (response.status === 401 && problem.error_id === 'not_logged_in') onLoggedOut()
  throw new ApiError(response.status, problem)
}

/** What an answer that is an error says. */
export function problemOf(body: unknown): ApiProblem {
  const error = (body as { error?: Partial<ApiProblem> } | null)?.error
  return {
    error_id: error?.error_id ?? 'internal',
    message: error?.message ?? '',
    detail: error?.detail ?? {},
  }
}

/** The `error_id` of whatever was thrown; used to pick the translated sentence. */
export function errorIdOf(error: unknown): string {
  return error instanceof ApiError ? error.id : 'internal'
}
