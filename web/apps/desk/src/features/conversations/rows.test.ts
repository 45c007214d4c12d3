import type { Handover, Message } from '@jieli/api'
import { describe, expect, it } from 'vitest'
import { rowsOf } from './rows'

const said = (id: string, at: string, direction = 'in', kind = 'customer') =>
  ({ id, at: `2026-03-01T${at}:00Z`, direction, author: { kind, name: kind } }) as Message
const passed = (id: string, at: string, to: string, summary = '', why = 'asked') =>
  ({ id, at: `2026-03-01T${at}:00Z`, to_holder: { kind: to, id: '' }, from_holder: null, baton: { summary }, why }) as unknown as Handover
const ids = (rows: ReturnType<typeof rowsOf>) => rows.map((row) => row.id)

describe('the rows of a thread', () => {
  const messages = [said('a', '02:00'), said('b', '02:01'), said('c', '02:02', 'out', 'bot'), said('d', '02:20', 'out', 'bot')]

  it('put hand-overs where they happened', () => {
    expect(ids(rowsOf(messages, [passed('h', '02:01', 'queue'), passed('z', '03:00', 'agent')]))).toEqual(['a', 'b', 'h', 'c', 'd', 'z'])
  })

  it('leave out those before the first message loaded, and those an answer makes by itself', () => {
    expect(ids(rowsOf(messages, [passed('old', '01:00', 'queue'), passed('answer', '02:02', 'customer', 'x', 'answered')]))).toEqual(['a', 'b', 'c', 'd'])
  })

  it('begin a run with another author, after a hand-over, and after a pause', () => {
    const firsts = rowsOf(messages, [passed('h', '02:01', 'queue')]).map((row) => (row.handover ? 'h' : row.first))
    expect(firsts).toEqual([true, false, 'h', true, true])
  })

  it('say when a hand-over carries what the one before carried', () => {
    const rows = rowsOf(messages, [passed('h', '02:01', 'queue', 'same'), passed('i', '02:03', 'agent', 'same'), passed('j', '02:04', 'queue', 'new')])
    expect(rows.flatMap((row) => (row.handover ? [row.again] : []))).toEqual([false, true, false])
  })

  it('begin each day once', () => {
    const rows = rowsOf([said('a', '02:00'), said('b', '02:01'), { ...said('c', '02:00'), at: '2026-03-02T02:00:00Z' }], [])
    expect(rows.map((row) => row.day)).toEqual([true, false, true])
  })
})
