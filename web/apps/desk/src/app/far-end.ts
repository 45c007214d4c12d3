import { flushPromises } from '@vue/test-utils'
import { vi } from 'vitest'

interface Row {
  eventId: number
  data: unknown
}

/** The far end of the desk in tests: a server that answers from `rows` by path and method, and its live line. */
export class FarEnd {
  readonly asked: string[] = []
  readonly rows: Record<string, Row | number> = {}
  line!: { url: string; sent: { type: string; topics: string[] }[]; say: (frame: object) => void; drop: () => void }

  constructor() {
    vi.stubGlobal('fetch', async (input: Request | string, init?: RequestInit) => {
      const { url, method } = typeof input === 'string' ? { url: input, method: init?.method ?? 'GET' } : input
      const asked = `${method} ${new URL(url, location.origin).pathname.replace('/api/v1', '')}`
      this.asked.push(asked)
      const row = this.rows[asked] ?? 404
      if (typeof row === 'number') return Response.json({ code: 'refused', title: 'refused' }, { status: row })
      return Response.json(row.data, { headers: { 'X-Event-Id': String(row.eventId) } })
    })
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- the line is made by whoever opens it
    const end = this
    vi.stubGlobal('WebSocket', class {
      readyState = 1
      sent: { type: string; topics: string[] }[] = []
      onmessage: ((event: { data: string }) => void) | null = null
      onclose: (() => void) | null = null
      constructor(readonly url: string) {
        end.line = this
      }
      send(text: string): void {
        this.sent.push(JSON.parse(text))
      }
      close(): void {
        this.readyState = 3
      }
      say(frame: object): void {
        this.onmessage?.({ data: JSON.stringify(frame) })
      }
      drop(): void {
        this.onclose?.()
      }
    })
  }

  tell(id: number, name: string, topic: string, data: object): void {
    this.line.say({ id, name, topic, data })
  }
}

/** After whatever was under way; the cache tells its readers by timers of no time. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) {
    await flushPromises()
    await (vi.isFakeTimers() ? vi.advanceTimersByTimeAsync(0) : new Promise((go) => setTimeout(go, 0)))
  }
}
