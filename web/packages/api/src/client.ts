import createClient, { type Client, type Middleware } from 'openapi-fetch'
import { csrfToken, uuid } from './browser'
import { Problem } from './problem'
import type { paths } from './schema'

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

const credentials: Middleware = {
  onRequest({ request }) {
    if (SAFE.has(request.method)) return
    request.headers.set('X-CSRFToken', csrfToken())
    if (request.method === 'POST' && !request.headers.has('Idempotency-Key')) request.headers.set('Idempotency-Key', uuid())
  },
}

const problems: Middleware = {
  async onResponse({ response }) {
    if (!response.ok) throw await Problem.from(response)
  },
  onError({ error }) {
    if (error instanceof Problem || (error instanceof DOMException && error.name === 'AbortError')) return
    return Problem.offline()
  },
}

export type Api = Client<paths>

/** A client of the generated contract. Every refusal is thrown as a `Problem`. */
export function createApi(options: { baseUrl?: string; fetch?: (request: Request) => Promise<Response> } = {}): Api {
  const client = createClient<paths>({ baseUrl: location.origin, credentials: 'same-origin', ...options })
  client.use(credentials, problems)
  return client
}

interface Answer<T> {
  data?: T
  response: Response
}

/** The body of an answer; refusals were thrown before. */
export async function body<T>(call: Promise<Answer<T>>): Promise<T> {
  return (await call).data as T
}

/** A body with the id of the last event it already holds (`X-Event-Id`), so that live events go on from there. */
export interface Snapshot<T> {
  readonly eventId: number
  readonly data: T
}

export async function snapshot<T>(call: Promise<Answer<T>>): Promise<Snapshot<T>> {
  const { data, response } = await call
  return { eventId: Number(response.headers.get('X-Event-Id') ?? 0), data: data as T }
}
