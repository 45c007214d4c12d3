import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { dial } from './dialled'
import { DEAD_MS, QUIET_MS, retryDelay } from './socket'

const event = (id: number) => ({ id, name: 'conversation.changed', topic: 'desk', data: {} })

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('the live line', () => {
  it('goes on after a break from the last event it has seen', () => {
    const { lines, line, events } = dial()
    line().say({ type: 'hello', event_id: 5 })
    line().say(event(6))
    line().drop()
    vi.advanceTimersByTime(1_000)
    expect(lines).toHaveLength(2)
    expect(line().url).toContain('last_event_id=5')
    line().say({ type: 'hello', event_id: 9 })
    line().say(event(6))
    line().say(event(8))
    expect(events.map(({ id }) => id)).toEqual([6, 8])
  })

  it('asks also for what it missed of the topics it followed', () => {
    const { socket, line } = dial()
    line().say({ type: 'hello', event_id: 5 })
    socket.follow('conversation:a')
    socket.follow('conversation:b')()
    line().drop()
    vi.advanceTimersByTime(1_000)
    expect(new URL(line().url).searchParams.get('topics')).toBe('conversation:a')
  })

  it('misses no frame of an event in the middle of which the line broke', () => {
    const { line, events } = dial()
    line().say({ type: 'hello', event_id: 5 })
    line().say({ ...event(6), topic: 'conversation:a' })
    line().drop()
    vi.advanceTimersByTime(1_000)
    line().say({ type: 'hello', event_id: 6 })
    line().say({ ...event(6), topic: 'conversation:a' })
    line().say({ ...event(6), topic: 'conversation:b' })
    expect(events.map(({ topic }) => topic)).toEqual(['conversation:a', 'conversation:b'])
  })

  it('asks for a fresh start when the server cannot resume', () => {
    const { socket, line, onReset } = dial()
    line().say({ type: 'hello', event_id: 5 })
    line().drop()
    vi.advanceTimersByTime(1_000)
    line().say({ type: 'hello', event_id: 900, resumed: false })
    expect(onReset).toHaveBeenCalledOnce()
    expect(socket.lastEventId).toBe(900)
  })

  it('follows its topics again after a break, and forgets those let go', () => {
    const { socket, line } = dial()
    line().say({ type: 'hello', event_id: 1 })
    socket.follow('conversation:a')
    const leave = socket.follow('conversation:b')
    leave()
    line().drop()
    vi.advanceTimersByTime(1_000)
    line().say({ type: 'hello', event_id: 1 })
    expect(line().sent).toEqual([{ type: 'subscribe', topics: ['conversation:a'] }])
  })

  it('goes on from a snapshot that was taken before it was up', () => {
    const { line, events } = dial({ since: 40 })
    expect(line().url).toContain('last_event_id=39')
    line().say({ type: 'hello', event_id: 44 })
    line().say(event(42))
    expect(events.map(({ id }) => id)).toEqual([42])
  })

  it('answers a ping', () => {
    const { line } = dial()
    line().say({ type: 'ping' })
    expect(line().sent).toEqual([{ type: 'pong' }])
  })

  it('asks after silence, and gives a dead line up', () => {
    const { lines, line, states } = dial()
    line().say({ type: 'hello', event_id: 1 })
    vi.advanceTimersByTime(QUIET_MS)
    expect(lines[0]!.sent).toEqual([{ type: 'ping' }])
    vi.advanceTimersByTime(DEAD_MS - QUIET_MS)
    expect(states).toEqual(['connecting', 'live', 'waiting'])
    vi.advanceTimersByTime(1_000)
    expect(lines.length).toBeGreaterThan(1)
  })

  it('lives on through frames it does not understand', () => {
    const { line, events } = dial()
    line().onmessage?.({ data: '{"broken' })
    line().say({ type: 'from-the-future' })
    line().say(event(3))
    expect(events).toHaveLength(1)
  })

  it('tells what became of what was said, and that it could not be said', () => {
    const onAnswer = vi.fn()
    const { socket, line } = dial({ path: '/ws/customer?channel=web', onAnswer })
    line().say({ type: 'hello', event_id: 7 })
    expect(socket.say({ type: 'message', id: 'a' })).toBe(true)
    line().say({ type: 'ack', id: 'a', inbox: 'row', duplicate: false })
    line().say({ type: 'refused', id: 'b', code: 'too_long', reason: '太长' })
    expect(onAnswer.mock.calls.map(([answer]) => answer)).toEqual([
      { id: 'a', taken: true, inbox: 'row', code: '', reason: '' },
      { id: 'b', taken: false, inbox: '', code: 'too_long', reason: '太长' },
    ])
    line().drop()
    expect(socket.say({ type: 'message', id: 'c' })).toBe(false)
    vi.advanceTimersByTime(1_000)
    expect(line().url).toContain('?channel=web&last_event_id=6')
  })

  it('stays down once closed', () => {
    const { socket, lines, line } = dial()
    socket.close()
    line().drop()
    vi.advanceTimersByTime(60_000)
    socket.wake()
    expect(lines).toHaveLength(1)
  })
})

it('waits longer each time, within bounds', () => {
  expect([0, 1, 2, 10].map((attempt) => retryDelay(attempt, 1))).toEqual([500, 1_000, 2_000, 15_000])
  expect(retryDelay(0, 0)).toBe(250)
})
