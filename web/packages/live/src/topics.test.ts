import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { dial } from './dialled'
import type { LiveSocket } from './socket'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('the line says when a topic is heard', () => {
  const subscribed = { type: 'subscribed', topics: [] }
  function asking(socket: LiveSocket, topic: string) {
    const heard = vi.fn()
    void socket.listening(topic).then(heard)
    return async () => (await Promise.resolve(), heard.mock.calls.length > 0)
  }

  it('by the answer to its own request, not to one before', async () => {
    const { socket, line } = dial()
    line().say({ type: 'hello', event_id: 1 })
    socket.follow('conversation:a')
    socket.follow('conversation:b')
    const [a, b] = [asking(socket, 'conversation:a'), asking(socket, 'conversation:b')]
    expect([await a(), await b()]).toEqual([false, false])
    line().say(subscribed)
    expect([await a(), await b()]).toEqual([true, false])
    line().say(subscribed)
    expect(await b()).toBe(true)
    expect(await asking(socket, 'conversation:b')()).toBe(true)
    socket.follow('conversation:c')
    expect(await asking(socket, 'conversation:c')()).toBe(false)
  })

  it('anew after it was left', async () => {
    const { socket, line } = dial()
    line().say({ type: 'hello', event_id: 1 })
    socket.follow('conversation:a')()
    socket.follow('conversation:a')
    const heard = asking(socket, 'conversation:a')
    line().say(subscribed)
    line().say(subscribed)
    expect(await heard()).toBe(false)
    line().say(subscribed)
    expect(await heard()).toBe(true)
  })

  it('by the answer to the greeting, of what was followed before it', async () => {
    const { socket, line } = dial()
    line().readyState = 0
    socket.follow('conversation:a')
    const heard = asking(socket, 'conversation:a')
    expect(await heard()).toBe(false)
    line().readyState = 1
    line().say({ type: 'hello', event_id: 1 })
    expect(await heard()).toBe(false)
    line().say(subscribed)
    expect(await heard()).toBe(true)
  })

  it('at once while the line is down, for the next greeting tells what was missed', async () => {
    const { socket, line } = dial()
    line().say({ type: 'hello', event_id: 1 })
    socket.follow('conversation:a')
    const heard = asking(socket, 'conversation:a')
    line().drop()
    expect(await heard()).toBe(true)
    expect(await asking(socket, 'conversation:a')()).toBe(true)
    vi.advanceTimersByTime(1_000)
    expect(await asking(socket, 'conversation:a')()).toBe(false)
  })
})
