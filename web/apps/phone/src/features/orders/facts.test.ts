import type { Answer, Fact } from '@jieli/api'
import { describe, expect, it } from 'vitest'
import { arranged, saidTogether } from './facts'

const fact = (kind: 'order' | 'parcel', value: Record<string, unknown>, more: Partial<Fact> = {}): Fact => ({
  kind, key: 'k', value, source: 'erp', as_of: '2026-03-01T00:00:00Z', simulated: false, ...more,
})
const of = (kind: 'order' | 'parcel', ...facts: Fact[]): Answer => ({ kind, facts, unknown: false, asked: '', back_by: null, reason: '' })
const order = (number: string, placed_at: string, parcels?: string[]) => fact('order', { number, placed_at, state: 'paid', amount: '1', lines: [], parcels })
const parcel = (tracking: string, number?: string) => fact('parcel', { tracking, carrier: '顺丰', state: 'in_transit', tracks: [], order: number })

describe('my orders', () => {
  it('are newest first, each with its parcels, whichever side names the other', () => {
    const { orders, orphans } = arranged([
      of('order', order('A', '2026-01-01T00:00:00Z', ['P1']), order('B', '2026-02-01T00:00:00Z')),
      of('parcel', parcel('P1'), parcel('P2', 'B'), parcel('P3')),
    ])
    expect(orders.map(({ value, parcels }) => [value.number, ...parcels.map((one) => one.value.tracking)])).toEqual([['B', 'P2'], ['A', 'P1']])
    expect(orphans.map(({ value }) => value.tracking)).toEqual(['P3'])
  })

  it('are none when nobody answered', () => {
    expect(arranged([])).toEqual({ orders: [], orphans: [] })
  })
})

describe('two facts', () => {
  it.each([
    [{}, true],
    [{ source: 'carrier' }, false],
    [{ simulated: true }, false],
    [{ as_of: '2026-03-01T00:02:00Z' }, false],
  ])('that differ by %o carry one stamp: %s', (more, together) => {
    expect(saidTogether(fact('order', {}), fact('parcel', {}, more))).toBe(together)
  })
})
