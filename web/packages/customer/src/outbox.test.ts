import { describe, expect, it } from 'vitest'
import { answer, mine } from './fixtures'
import * as box from './outbox'
import type { Outbox } from './outbox'

const none = new Set<string>()
const ack = (id: string, inbox: string) => ({ id, taken: true, inbox, code: '', reason: '' })
const wrote = (...texts: string[]): Outbox => texts.reduce<Outbox>((known, text, at) => box.written(known, `id-${at}`, text, at, ''), [])
const states = (outbox: Outbox) => outbox.map(({ state }) => state)

describe('what I wrote', () => {
  it('is said in the order it was written, and is durable once acknowledged', () => {
    let outbox = wrote('一', '二')
    expect(box.due(outbox).map(({ text }) => text)).toEqual(['一', '二'])
    outbox = box.answered(box.said(box.said(outbox, 'id-0', 5), 'id-1', 5), ack('id-0', 'row-1'))
    expect(states(outbox)).toEqual(['durable', 'sent'])
    expect(box.due(outbox)).toEqual([])
  })

  it('is said again under the same id when the line broke before the acknowledgement', () => {
    const outbox = box.lineLost(box.answered(box.said(box.said(wrote('一', '二'), 'id-0', 5), 'id-1', 5), ack('id-0', 'row-1')))
    expect(box.due(outbox).map(({ id }) => id)).toEqual(['id-1'])
  })

  it('is said again after silence, and given up after some tries, when only I can decide', () => {
    let outbox = wrote('一')
    for (let turn = 1; turn <= box.MOST_TRIES; turn += 1) {
      outbox = box.said(outbox, 'id-0', 0)
      expect(states(box.overdue(outbox, box.SAY_AGAIN_MS - 1))).toEqual(['sent'])
      outbox = box.overdue(outbox, box.SAY_AGAIN_MS)
      expect(states(outbox)).toEqual([turn < box.MOST_TRIES ? 'waiting' : 'failed'])
    }
    expect(box.due(box.retried(outbox, 'id-0')).map(({ id }) => id)).toEqual(['id-0'])
    expect(box.discarded(outbox, 'id-0')).toEqual([])
  })

  it('says why it was refused', () => {
    const outbox = box.answered(box.said(wrote('一'), 'id-0', 0), { id: 'id-0', taken: false, inbox: '', code: 'invalid', reason: '' })
    expect(outbox[0]).toMatchObject({ state: 'failed', code: 'invalid' })
  })

  it('outlives a reload with its id; what was on its way goes again', () => {
    const before = box.answered(box.said(box.said(wrote('一', '二'), 'id-0', 0), 'id-1', 0), ack('id-0', 'row-1'))
    const after = box.restored(JSON.stringify(before))
    expect(states(after)).toEqual(['durable', 'waiting'])
    expect(after.map(({ id }) => id)).toEqual(['id-0', 'id-1'])
    expect(box.restored('{broken')).toEqual([])
    expect(box.restored(null)).toEqual([])
  })
})

describe('a message of mine in the thread', () => {
  it('is known by the row it is kept in', () => {
    const outbox = box.answered(box.said(wrote('好'), 'id-0', 0), ack('id-0', 'row-7'))
    const row = mine(7, { text: '好' })
    expect(box.shownAs(outbox, [mine(6, { text: '好' }), row], none).get('id-0')).toBe(row)
    expect(box.shownAs(outbox, [mine(6, { text: '好' })], none).size).toBe(0)
  })

  it('is known by its words when it is there before the acknowledgement', () => {
    const outbox = box.said(box.written([], 'a', '在吗', 0, 'm-002'), 'a', 0)
    expect(box.shownAs(outbox, [mine(1, { text: '在吗' })], none).size).toBe(0)
    expect(box.shownAs(outbox, [mine(3, { text: '在吗' })], none).size).toBe(1)
    expect(box.shownAs(outbox, [answer(3, { text: '在吗' })], none).size).toBe(0)
  })

  it('stands for one of two that say the same, not for both', () => {
    const two = box.said(box.said(wrote('在吗', '在吗'), 'id-0', 0), 'id-1', 0)
    expect([...box.shownAs(two, [mine(1, { text: '在吗' })], none).keys()]).toEqual(['id-0'])
    const first = box.answered(two, ack('id-0', 'row-1'))
    expect([...box.shownAs(first, [mine(1, { text: '在吗' })], none).keys()]).toEqual(['id-0'])
    const rest = box.discarded(first, 'id-0')
    expect(box.shownAs(rest, [mine(1, { text: '在吗' })], new Set(['row-1'])).size).toBe(0)
  })

  it('is not taken for one that was never said', () => {
    expect(box.shownAs(wrote('好'), [mine(1, { text: '好' })], none).size).toBe(0)
  })
})
