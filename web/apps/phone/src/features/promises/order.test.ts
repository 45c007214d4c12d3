import { promise } from '@jieli/customer/fixtures'
import { expect, it } from 'vitest'
import { grouped } from './order'

it('what is still to come stands first, the next due on top; then how the others ended, newest on top', () => {
  const groups = grouped([
    promise('kept-old', { state: 'kept', due_at: '2026-01-01T00:00:00Z' }),
    promise('late', { due_at: '2026-04-02T00:00:00Z' }),
    promise('kept-new', { state: 'kept', due_at: '2026-02-01T00:00:00Z' }),
    promise('soon', { due_at: '2026-04-01T00:00:00Z' }),
    promise('broken', { state: 'broken' }),
  ])
  expect(groups.map(({ state, promises }) => [state, ...promises.map(({ id }) => id)])).toEqual([
    ['open', 'soon', 'late'],
    ['broken', 'broken'],
    ['kept', 'kept-new', 'kept-old'],
  ])
})
