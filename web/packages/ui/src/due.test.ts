import { expect, it } from 'vitest'
import { urgency } from './due'

const now = Date.parse('2026-03-01T02:00:00Z')

it.each([
  [null, 'none'],
  ['2026-03-01T01:59:59Z', 'over'],
  ['2026-03-01T02:00:00Z', 'soon'],
  ['2026-03-01T02:15:00Z', 'soon'],
  ['2026-03-01T02:15:01Z', 'fine'],
])('what is due at %s is %s', (dueAt, expected) => {
  expect(urgency(dueAt, now)).toBe(expected)
})
