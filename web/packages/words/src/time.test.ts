import { describe, expect, it } from 'vitest'
import zh from './zh-CN/common.json'
import { spanWords, timeWords } from './time'

const t = (key: string, values: Record<string, unknown> = {}) => {
  const text = key.split('.').slice(1).reduce<unknown>((words, part) => (words as Record<string, unknown>)[part], zh) as string
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]))
}
const [minute, hour, day] = [60_000, 3_600_000, 86_400_000]

describe('a length of time', () => {
  it.each([
    [9_999, '9 秒'],
    [minute, '1 分'],
    [59 * minute + 59_999, '59 分'],
    [2 * hour + 5 * minute, '2 小时 5 分'],
    [12 * hour + 5 * minute, '12 小时'],
    [day + 3 * hour, '1 天 3 小时'],
    [9 * day + 3 * hour, '9 天'],
    [-3 * minute, '3 分'],
  ])('%i ms is %s', (ms, words) => {
    expect(spanWords(ms, t)).toBe(words)
  })
})

describe('a point in time', () => {
  const now = Date.parse('2026-03-02T04:00:00Z')
  const words = timeWords('zh-CN', t)

  it.each([
    ['2026-03-02T03:59:30Z', '刚刚'],
    ['2026-03-02T03:15:00Z', '45 分前'],
    ['2026-03-01T04:00:00Z', '昨天 12:00'],
    ['2026-02-20T04:00:00Z', '2月20日 12:00'],
    ['2025-02-20T04:00:00Z', '2025年2月20日 12:00'],
  ])('%s was %s', (iso, said) => {
    expect(words.ago(iso, now)).toBe(said)
  })
})
