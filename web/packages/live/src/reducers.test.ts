import type { Call, Card, LedgerLine } from '@jieli/api'
import { describe, expect, it } from 'vitest'
import { callsOf } from './calls'
import { belongs, cardsOf, type CardList, type Reader } from './cards'
import { conversationOf } from './conversation'
import { card, message } from './fixtures'
import { threadOf, type Thread } from './messages'
import { openPromises } from './promises'
import { advance, EventLog } from './snapshot'
import type { LiveEvent } from './wire'

const reader: Reader = { me: 'me', now: () => Date.parse('2026-03-01T02:00:00Z') }
const changed = (id: number, data: Card): LiveEvent => ({ id, name: 'conversation.changed', topic: 'desk', data })
const list = (...items: Card[]): CardList => ({ items, nextCursor: null })
const ids = (state: CardList) => state.items.map((item) => item.id)

describe('a list of cards', () => {
  const mine = cardsOf('mine', reader)

  it('takes a card in at its due time', () => {
    const state = list(card('a', { due_at: '2026-03-01T03:00:00Z' }), card('c', { due_at: null }))
    expect(ids(mine(state, changed(1, card('b', { due_at: '2026-03-01T04:00:00Z' }))))).toEqual(['a', 'b', 'c'])
  })

  it('moves a card whose due time changed', () => {
    const state = list(card('a', { due_at: '2026-03-01T03:00:00Z' }), card('b', { due_at: '2026-03-01T04:00:00Z' }))
    expect(ids(mine(state, changed(1, card('a', { due_at: '2026-03-01T05:00:00Z' }))))).toEqual(['b', 'a'])
  })

  it.each([
    ['handed over', { assignee: null, holder: { kind: 'queue', id: 'q', name: '物流' } }],
    ['taken by somebody else', { assignee: 'other', holder: { kind: 'agent', id: 'other', name: '周远' } }],
    ['closed', { state: 'closed' }],
  ])('lets a card go that was %s', (_, more) => {
    expect(ids(mine(list(card('a')), changed(1, card('a', more))))).toEqual([])
  })

  it('lets a card go that the reader may no longer see', () => {
    const gone: LiveEvent = { id: 1, name: 'conversation.removed', topic: 'desk', data: { id: 'a' } }
    expect(ids(mine(list(card('a'), card('b')), gone))).toEqual(['b'])
  })

  it('leaves a card beyond the last page to that page', () => {
    const state: CardList = { items: [card('a')], nextCursor: 'next' }
    expect(mine(state, changed(1, card('z', { due_at: '2027-01-01T00:00:00Z' })))).toBe(state)
  })

  it('keeps what only the server can judge, and takes nothing in by guess', () => {
    const promised = cardsOf('promise_due', reader)
    expect(ids(promised(list(card('a')), changed(1, card('a', { unread: 3 }))))).toEqual(['a'])
    expect(ids(promised(list(card('a')), changed(1, card('b'))))).toEqual(['a'])
  })

  it('is the same object after an event that does not concern it', () => {
    const state = list(card('a'))
    expect(mine(state, { id: 1, name: 'presence.changed', topic: 'desk', data: {} })).toBe(state)
    expect(mine(state, changed(1, card('b', { state: 'closed' })))).toBe(state)
  })
})

describe('the views', () => {
  const now = { me: 'me', now: () => Date.parse('2026-03-01T02:00:00Z') }
  const held = (kind: string, assignee: string | null = null) => card('a', { assignee, holder: { kind, id: 'x', name: 'x' } })

  it.each([
    [held('agent', 'me'), ['mine', 'all']],
    [held('agent', 'other'), ['all']],
    [held('queue'), ['queue', 'unassigned', 'all']],
    [held('bot'), ['bot', 'all']],
    [held('customer'), ['bot', 'waiting_customer', 'all']],
    [held('customer', 'me'), ['mine', 'waiting_customer', 'all']],
    [card('a', { assignee: 'other', due_at: '2026-03-01T02:10:00Z' }), ['sla_soon', 'all']],
    [card('a', { assignee: 'me', state: 'closed' }), []],
  ])('%# hold what they say', (shown, views) => {
    const all = ['mine', 'queue', 'unassigned', 'bot', 'waiting_customer', 'sla_soon', 'all'] as const
    expect(all.filter((view) => belongs(view, shown, now))).toEqual(all.filter((view) => views.includes(view)))
  })
})

describe('a thread', () => {
  const reduce = threadOf('c1')
  const added = (id: number, seq: number, more = {}): LiveEvent => ({
    id,
    name: 'message.added',
    topic: 'conversation:c1',
    data: message(seq, more),
  })
  const seqs = (thread: Thread) => thread.items.map((item) => item.seq)

  it('is in sequence whatever order its messages come in', () => {
    const orders = [[1, 2, 3], [3, 2, 1], [2, 3, 1], [2, 2, 1, 3, 3]]
    for (const order of orders) {
      const thread = order.reduce((state, seq, at) => reduce(state, added(at, seq)), { items: [], before: null } as Thread)
      expect(seqs(thread)).toEqual([1, 2, 3])
    }
  })

  it('shows a failed delivery on the message it belongs to', () => {
    const failed = { ...added(2, 1, { delivery: { state: 'failed', reason: '窗口已关闭' } }), name: 'message.changed' }
    const thread = reduce({ items: [message(1), message(2)], before: null }, failed)
    expect(thread.items.map((item) => item.delivery?.state)).toEqual(['failed', undefined])
  })

  it('leaves other conversations alone', () => {
    const thread: Thread = { items: [message(1)], before: null }
    expect(reduce(thread, added(1, 2, { conversation: 'c2' }))).toBe(thread)
  })
})

describe('snapshot and events', () => {
  const reduce = cardsOf('mine', reader)
  const events = [
    changed(11, card('a', { unread: 2 })),
    changed(12, card('b')),
    changed(13, card('a', { state: 'closed' })),
    changed(14, card('c', { due_at: '2026-03-01T02:30:00Z' })),
  ]

  const after = (snapshot: { eventId: number; data: CardList }, some: LiveEvent[]) =>
    some.reduce((state, event) => advance(state, event, reduce), snapshot)

  it('an old snapshot with the events since is the new snapshot, wherever it was taken', () => {
    const start = { eventId: 10, data: list(card('a')) }
    const end = after(start, events)
    for (let taken = 0; taken <= events.length; taken += 1) {
      const eventId = events[taken - 1]?.id ?? 10
      const middle = { eventId, data: after(start, events.slice(0, taken)).data }
      expect(after(middle, events).data).toEqual(end.data)
    }
  })

  it('counts every frame of one event', () => {
    const frames = [changed(11, card('b')), changed(11, card('c'))]
    expect(ids(after({ eventId: 10, data: list(card('a')) }, frames).data)).toEqual(['a', 'b', 'c'])
  })

  it('brings a snapshot up to date that was on its way while events came', () => {
    const log = new EventLog()
    events.forEach((event) => log.add(event))
    const late = { eventId: 12, data: list(card('a', { unread: 2 }), card('b')) }
    expect(ids(log.settle(late, reduce).data)).toEqual(['c', 'b'])
  })

  it('keeps what a card does not carry of an opened conversation', () => {
    const opened = { ...card('a'), summary: '催快递', open_questions: [], facts: [] }
    const next = conversationOf('a')(opened, changed(1, card('a', { emotion: 'angry' })))
    expect(next).toMatchObject({ emotion: 'angry', summary: '催快递', version: 3 })
  })
})

describe('calls', () => {
  const call = (id: string, state: Call['state'], more = {}) => ({ call: id, channel: 'hotline', caller: '138****0000', state, ...more }) as Call
  const heard = (id: string, state: Call['state'], more = {}): LiveEvent => ({ id: 1, name: `call.${state}`, topic: 'desk', data: call(id, state, more) })
  const shown = (...events: LiveEvent[]) => events.reduce(callsOf, [] as readonly Call[]).map(({ call: id, state }) => `${id} ${state}`)

  it('ring once each, in their order, however often they are told of', () => {
    expect(shown(heard('a', 'ringing'), heard('b', 'ringing'), heard('a', 'ringing'))).toEqual(['a ringing', 'b ringing'])
  })

  it('say what became of them, and go when they have ended', () => {
    const rang = [heard('a', 'ringing'), heard('b', 'ringing')]
    expect(shown(...rang, heard('a', 'answered'), heard('b', 'missed'))).toEqual(['a answered', 'b missed'])
    expect(shown(...rang, heard('a', 'answered'), heard('a', 'ended'))).toEqual(['b ringing'])
  })

  it('that rang nowhere here are nobody else’s news', () => {
    expect(shown(heard('a', 'answered'), heard('b', 'missed'), heard('c', 'ended'))).toEqual([])
  })

  it('of one name in two exchanges are two', () => {
    expect(shown(heard('a', 'ringing'), heard('a', 'missed', { channel: 'other' }))).toEqual(['a ringing'])
  })
})

describe('promises', () => {
  const line = (id: string, more = {}) => ({ id, what: '今天发货', state: 'open', due_at: '2026-03-01T03:00:00Z', ...more }) as LedgerLine
  const told = (name: string, data: LedgerLine, topic = 'promises:all'): LiveEvent => ({ id: 1, name: `promises.${name}`, topic, data })
  const lines = [line('a'), line('b')]

  it('are taken in, changed in their place, and let go when settled', () => {
    expect(openPromises(lines, told('made', line('c'))).map(({ id }) => id)).toEqual(['a', 'b', 'c'])
    const later = openPromises(lines, told('extended', line('a', { due_at: '2026-03-02T03:00:00Z' })))
    expect(later.map(({ id, due_at }) => `${id} ${due_at.slice(0, 10)}`)).toEqual(['a 2026-03-02', 'b 2026-03-01'])
    for (const state of ['kept', 'broken', 'withdrawn']) {
      expect(openPromises(lines, told(state, line('a', { state }))).map(({ id }) => id)).toEqual(['b'])
    }
  })

  it('stay the same object through what is not theirs', () => {
    expect(openPromises(lines, told('kept', line('z', { state: 'kept' })))).toBe(lines)
    expect(openPromises(lines, told('made', line('c'), 'person:p'))).toBe(lines)
    expect(openPromises(lines, { id: 1, name: 'matter.changed', topic: 'promises:all', data: {} })).toBe(lines)
  })
})
