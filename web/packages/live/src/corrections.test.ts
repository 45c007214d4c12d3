import type { MessageCorrections, Snapshot } from '@jieli/api'
import { describe, expect, it } from 'vitest'
import { correctionsOf } from './corrections'
import { advance } from './snapshot'
import type { LiveEvent } from './wire'

const said = (message: string, times: number, conversation = 'c1') => ({ message, conversation, corrections: Array.from({ length: times }) }) as MessageCorrections
const corrected = (id: number, data: MessageCorrections): LiveEvent => ({ id, name: 'message.corrected', topic: 'conversation:c1', data })
const reduce = correctionsOf('c1')

describe('what was said of findings', () => {
  it('takes the place of what was said of the same message, or comes first', () => {
    const state = [said('a', 1), said('b', 1)]
    expect(reduce(state, corrected(1, said('b', 2)))).toEqual([said('a', 1), said('b', 2)])
    expect(reduce(state, corrected(1, said('c', 1)))).toEqual([said('c', 1), ...state])
  })

  it('is what a new snapshot would hold', () => {
    const old: Snapshot<readonly MessageCorrections[]> = { eventId: 4, data: [said('a', 1)] }
    const now = [corrected(4, said('a', 9)), corrected(5, said('b', 1)), corrected(6, said('b', 2))].reduce((state, event) => advance(state, event, reduce), old)
    expect(now.data).toEqual([said('b', 2), said('a', 1)])
  })

  it('is the same object after an event that does not concern it', () => {
    const state = [said('a', 1)]
    expect(reduce(state, corrected(1, said('a', 2, 'c2')))).toBe(state)
    expect(reduce(state, { id: 1, name: 'message.changed', topic: 'conversation:c1', data: {} })).toBe(state)
  })
})
