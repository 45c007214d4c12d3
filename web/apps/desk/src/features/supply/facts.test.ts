import type { Answer } from '@jieli/api'
import { describe, expect, it } from 'vitest'
import { about, answerOf, inOrder, recentSkus } from './facts'

const order = (number: string, placed_at: string, ...skus: string[]) => ({
  kind: 'order' as const,
  key: number,
  value: { number, state: 'paid', placed_at, amount: '1', lines: skus.map((sku) => ({ sku, name: sku, qty: 1 })) },
  source: 'erp',
  as_of: placed_at,
  simulated: false,
})

describe('facts', () => {
  it('of a kind nobody was asked about are none, not unknown', () => {
    expect(about([], 'parcel')).toMatchObject({ facts: [], unknown: false })
  })

  it('keep what was last known when the source is silent', () => {
    const old = order('1', '2026-01-01T00:00:00Z')
    const unknown = { kind: 'order' as const, key: '1', source: 'erp', asked_at: '', back_by: '2026-01-02T00:00:00Z', reason: 'slow' as const, last_known: [old] }
    expect(answerOf('order', { facts: [], unknown })).toMatchObject({ unknown: true, asked: 'erp', back_by: '2026-01-02T00:00:00Z', facts: [old] })
  })

  it('stand with what needs attention first', () => {
    const parcel = (key: string, state: string) => ({ ...order(key, '2026-01-01T00:00:00Z'), kind: 'parcel' as const, value: { state } })
    const answer = { unknown: false, asked: '', reason: '' }
    const parcels = [parcel('a', 'delivered'), parcel('b', 'in_transit'), parcel('c', 'exception')]
    expect(inOrder({ ...answer, kind: 'parcel', facts: parcels }).map(({ key }) => key)).toEqual(['c', 'b', 'a'])
    const orders = [order('1', '2026-01-01T00:00:00Z'), order('2', '2026-02-01T00:00:00Z')]
    expect(inOrder({ ...answer, kind: 'order', facts: orders }).map(({ key }) => key)).toEqual(['2', '1'])
  })

  it('name the articles bought last, each once', () => {
    const orders: Answer = {
      kind: 'order',
      facts: [order('1', '2026-01-01T00:00:00Z', 'a', 'b'), order('2', '2026-02-01T00:00:00Z', 'b', 'c')],
      unknown: false,
      asked: '',
      reason: '',
    }
    expect(recentSkus(orders)).toEqual(['b', 'c', 'a'])
  })
})
