import { vi } from 'vitest'
import { LiveSocket, type LinkState, type SocketOptions } from './socket'
import type { LiveEvent } from './wire'

/** The far end of a line, driven by the test. */
class Line {
  readyState = 1
  sent: unknown[] = []
  onmessage: ((event: { data: string }) => void) | null = null
  onclose: (() => void) | null = null

  constructor(readonly url: string) {}

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
}

/** A socket whose lines the test drives. */
export function dial(more: Partial<SocketOptions> = {}) {
  const lines: Line[] = []
  const events: LiveEvent[] = []
  const states: LinkState[] = []
  const onReset = vi.fn()
  const socket = new LiveSocket({
    path: '/ws/desk',
    onEvent: (event) => events.push(event),
    onState: (state) => states.push(state),
    onReset,
    open: (url) => {
      const line = new Line(url)
      lines.push(line)
      return line as unknown as WebSocket
    },
    random: () => 1,
    ...more,
  })
  return { socket, lines, events, states, onReset, line: () => lines.at(-1)! }
}
