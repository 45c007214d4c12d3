import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import { SAY_AGAIN_MS } from './outbox'
import { createSending, type Sending } from './sending'

let live = true
let heard: string[] = []
const opened: Sending[] = []
const open = () => {
  const sending = createSending('web', (id) => live && heard.push(id) > 0)
  opened.push(sending)
  return sending
}

beforeEach(() => {
  vi.useFakeTimers()
  sessionStorage.clear()
  live = true
  heard = []
})
afterEach(() => {
  opened.splice(0).forEach((sending) => sending.stop())
  vi.useRealTimers()
})

describe('sending', () => {
  it('keeps what is written without a line, and says all of it in order when there is one', () => {
    live = false
    const sending = open()
    sending.write('一', '')
    sending.write('二', '')
    expect(heard).toEqual([])
    live = true
    sending.lineUp()
    expect(heard).toEqual(sending.pending.value.map(({ id }) => id))
    expect(sending.pending.value.map(({ state }) => state)).toEqual(['sent', 'sent'])
  })

  it('says again under the same id after a reload, unless it was acknowledged', async () => {
    const before = open()
    before.write('一', '')
    before.write('二', '')
    const [first, second] = before.pending.value.map(({ id }) => id)
    before.answered({ id: first!, taken: true, inbox: 'row', code: '', reason: '' })
    await nextTick()
    heard = []
    open().lineUp()
    expect(heard).toEqual([second])
  })

  it('says again by itself when no acknowledgement comes', () => {
    const sending = open()
    sending.write('一', '')
    vi.advanceTimersByTime(SAY_AGAIN_MS + 4_000)
    expect(heard).toHaveLength(2)
    expect(new Set(heard).size).toBe(1)
    expect(sending.pending.value[0]?.tries).toBe(2)
  })

  it('remembers the rows of what left it, so that nothing is shown in their place', () => {
    const sending = open()
    sending.write('一', '')
    const { id } = sending.pending.value[0]!
    sending.answered({ id, taken: true, inbox: 'row', code: '', reason: '' })
    sending.discard(id)
    expect(sending.pending.value).toEqual([])
    expect(sending.done.has('row')).toBe(true)
  })
})
