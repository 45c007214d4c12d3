import type { Snapshot } from '@jieli/api'
import { advance, type LiveEvent, type Reducer } from '@jieli/live'
import { describe, expect, it } from 'vitest'
import { answer, matter, mine, place, promise } from './fixtures'
import { myMatters, myPlaces, myPromises, myThread, withOlder, type MyThread } from './reducers'

const heard = (id: number, name: string, data: unknown): LiveEvent => ({ id, name, topic: 'person:me', data })
const thread = (...items: MyThread['items']): MyThread => ({ items, before: null })
const ids = (state: MyThread) => state.items.map(({ id }) => id)

describe('my thread', () => {
  it('merges all conversations in the order of time, whatever order the frames come in', () => {
    const frames = [answer(3, { conversation: 'c2', seq: 1 }), mine(1), answer(2), mine(1)]
    const state = frames.reduce((known, message, at) => myThread(known, heard(at, 'message.added', message)), thread())
    expect(ids(state)).toEqual(['m-001', 'm-002', 'm-003'])
  })

  it('shows a message as it was changed, in its place', () => {
    const state = myThread(thread(answer(1), mine(2)), heard(1, 'message.changed', answer(1, { text: '更正' })))
    expect(state.items.map(({ text }) => text)).toEqual(['更正', '第 2 条'])
  })

  it('takes older pages in front, each message once', () => {
    const state = withOlder(thread(mine(3), mine(4)), { items: [mine(1), mine(2), mine(3)], before: 'm-001' })
    expect(ids(state)).toEqual(['m-001', 'm-002', 'm-003', 'm-004'])
    expect(state.before).toBe('m-001')
  })
})

describe('my matters, promises and places', () => {
  it('change as a whole, and new ones stand in front', () => {
    const state = myMatters([matter('a')], heard(1, 'matter.changed', matter('a', { holder: 'agent', holder_name: '许晴' })))
    expect(state).toEqual([matter('a', { holder: 'agent', holder_name: '许晴' })])
    expect(myMatters(state, heard(2, 'matter.changed', matter('b'))).map(({ id }) => id)).toEqual(['b', 'a'])
  })

  it.each(['made', 'kept', 'broken', 'extended'])('a promise that was %s is shown as it is now', (name) => {
    const [shown] = myPromises([promise('p')], heard(1, `promises.${name}`, promise('p', { extended: 1 })))
    expect(shown?.extended).toBe(1)
  })

  it('my place moves up, and is gone when somebody took over', () => {
    const waiting = myPlaces([place('c1', 3)], heard(1, 'place.changed', { place: place('c1', 2) }))
    expect(waiting).toEqual([place('c1', 2)])
    expect(myPlaces(waiting, heard(2, 'place.changed', { place: null }))).toEqual([])
  })

  it('stay the same object when an event is not about them', () => {
    const [matters, promises, places, messages] = [[matter('a')], [promise('p')], [place('c1', 1)], thread(mine(1))]
    const other = heard(1, 'presence.changed', {})
    expect(myMatters(matters, other)).toBe(matters)
    expect(myPromises(promises, other)).toBe(promises)
    expect(myPlaces(places, other)).toBe(places)
    expect(myThread(messages, other)).toBe(messages)
  })
})

describe('an old snapshot with the events since', () => {
  const events = [
    heard(11, 'message.added', mine(1)),
    heard(12, 'matter.changed', matter('a', { holder: 'queue' })),
    heard(12, 'place.changed', { place: place('a', 2) }),
    heard(13, 'message.added', answer(2)),
    heard(14, 'message.changed', answer(2, { text: '改' })),
    heard(15, 'place.changed', { place: null }),
    heard(16, 'matter.changed', matter('a', { holder: 'agent' })),
    heard(17, 'promises.made', promise('p')),
  ]
  const all: [string, Reducer<unknown>, unknown][] = [
    ['thread', myThread as Reducer<unknown>, thread()],
    ['matters', myMatters as Reducer<unknown>, []],
    ['promises', myPromises as Reducer<unknown>, []],
    ['places', myPlaces as Reducer<unknown>, []],
  ]

  it.each(all)('is the new snapshot, wherever it was taken (%s)', (_, reduce, start) => {
    const after = (snapshot: Snapshot<unknown>, some: LiveEvent[]) => some.reduce((state, event) => advance(state, event, reduce), snapshot)
    const end = after({ eventId: 10, data: start }, events).data
    for (const taken of [10, 11, 12, 13, 14, 15, 16, 17]) {
      const known = after({ eventId: 10, data: start }, events.filter(({ id }) => id <= taken)).data
      expect(after({ eventId: taken, data: known }, events).data).toEqual(end)
    }
  })
})
