import { matter } from '@jieli/customer/fixtures'
import { describe, expect, it } from 'vitest'
import { sorted, turnsOf } from './history'

const turn = (minute: number, holder: 'bot' | 'queue' | 'agent', until: string | null, holder_name = '') => ({ at: `2026-03-01T02:0${minute}:00Z`, holder, holder_name, until })

describe('a matter', () => {
  it('shows in whose hands it was, newest first, one line for one stay', () => {
    const history = [turn(0, 'bot', 'x'), turn(1, 'queue', 'y'), turn(2, 'queue', 'z'), turn(3, 'agent', null, '许晴')]
    expect(turnsOf({ history }).map(({ holder, at, until }) => [holder, at.slice(14, 16), until])).toEqual([
      ['agent', '03', null],
      ['queue', '01', 'z'],
      ['bot', '00', 'x'],
    ])
  })

  it('stands by what is due first, and what has no time last; closed ones newest first', () => {
    const rows = [
      matter('a', { due_at: null }),
      matter('b', { due_at: '2026-03-02T00:00:00Z' }),
      matter('c', { due_at: '2026-03-01T00:00:00Z' }),
      matter('d', { open: false, closed_at: '2026-02-01T00:00:00Z' }),
      matter('e', { open: false, closed_at: '2026-02-02T00:00:00Z' }),
    ]
    expect(sorted(rows, true).map(({ id }) => id)).toEqual(['c', 'b', 'a'])
    expect(sorted(rows, false).map(({ id }) => id)).toEqual(['e', 'd'])
  })
})
