import { describe, expect, it } from 'vitest'
import { body, createApi, snapshot } from './client'
import { Problem } from './problem'

function apiAnswering(answer: () => Response | Promise<Response>) {
  const seen: Request[] = []
  const api = createApi({
    baseUrl: 'http://jieli.test',
    fetch: async (request) => {
      seen.push(request)
      return answer()
    },
  })
  return { api, seen }
}

const json = (value: unknown, init: ResponseInit = {}) =>
  new Response(JSON.stringify(value), { ...init, headers: { 'Content-Type': 'application/json', ...init.headers } })

describe('the client', () => {
  it('sends the CSRF token and a fresh idempotency key with a write, and neither with a read', async () => {
    document.cookie = 'jieli_csrf=token-1'
    const { api, seen } = apiAnswering(() => json({}))
    const note = () => api.POST('/api/v1/conversations/{conversation}/note', { params: { path: { conversation: 'c1' } }, body: { text: 'x' } })
    await note()
    await note()
    await api.GET('/api/v1/me')
    expect(seen[0]!.headers.get('X-CSRFToken')).toBe('token-1')
    expect(seen[0]!.headers.get('Idempotency-Key')).toMatch(/^[0-9a-f-]{36}$/)
    expect(seen[0]!.headers.get('Idempotency-Key')).not.toBe(seen[1]!.headers.get('Idempotency-Key'))
    expect(seen[2]!.headers.has('Idempotency-Key')).toBe(false)
  })

  it('throws the problem that the server refused with', async () => {
    const { api } = apiAnswering(() => json({ code: 'stale_version', title: '会话已更新', detail: '', version: 8 }, { status: 409 }))
    const refusal = await body(api.GET('/api/v1/me')).catch((problem: unknown) => problem)
    expect(refusal).toBeInstanceOf(Problem)
    expect(refusal).toMatchObject({ status: 409, code: 'stale_version', transient: false, more: { version: 8 } })
  })

  it('keeps a status when the refusal is not JSON', async () => {
    const { api } = apiAnswering(() => new Response('<html>', { status: 502 }))
    await expect(body(api.GET('/api/v1/me'))).rejects.toMatchObject({ code: 'http_502', transient: true })
  })

  it('says offline when nothing answers', async () => {
    const { api } = apiAnswering(() => Promise.reject(new TypeError('Failed to fetch')))
    await expect(body(api.GET('/api/v1/me'))).rejects.toMatchObject({ code: 'offline', status: 0 })
  })

  it('reads the event id that a snapshot stands at', async () => {
    const { api } = apiAnswering(() => json({ mine: 1 }, { headers: { 'X-Event-Id': '42' } }))
    expect(await snapshot(api.GET('/api/v1/conversations/counts'))).toEqual({ eventId: 42, data: { mine: 1 } })
  })
})
