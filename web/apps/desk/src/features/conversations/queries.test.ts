import type { Me, Message } from '@jieli/api'
import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { enableAutoUnmount, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, ref } from 'vue'
import { FarEnd, settled } from '../../app/far-end'
import { beginAt, follow, startLive, stopLive } from '../../app/live'
import { useThread } from './queries'

vi.mock('../../app/api', async () => ({ api: (await import('@jieli/api')).createApi({ fetch: (request) => fetch(request) }) }))

const TOPIC = 'conversation:talk'
const ASKED = 'GET /conversations/talk/messages'
const message = (seq: number) => ({ id: `m${seq}`, conversation: 'talk', seq, direction: 'in', text: `${seq}` }) as Message
const added = (id: number, seq: number) => end.tell(id, 'message.added', TOPIC, message(seq))

enableAutoUnmount(afterEach)
let end: FarEnd

function open() {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  setActivePinia(createPinia())
  beginAt(5)
  startLive(client, { id: 'lin' } as Me)
  end.line.say({ type: 'hello', event_id: 5 })
  let thread!: ReturnType<typeof useThread>['thread']
  const Host = defineComponent({
    setup() {
      follow(TOPIC)
      thread = useThread(ref('talk')).thread
      return () => null
    },
  })
  mount(Host, { global: { plugins: [[VueQueryPlugin, { queryClient: client }]] } })
  return { seqs: () => thread.data.value?.data.items.map(({ seq }) => seq) }
}

beforeEach(() => {
  end = new FarEnd()
  end.rows[ASKED] = { eventId: 7, data: { items: [message(1), message(2)], next_cursor: null } }
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  stopLive()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('a thread', () => {
  it('is fetched once it is followed, and takes in by their place what came meanwhile', async () => {
    const { seqs } = open()
    await settled()
    expect(end.line.sent).toEqual([{ type: 'subscribe', topics: [TOPIC] }])
    expect(end.asked).toEqual([])
    end.line.say({ type: 'subscribed', topics: [TOPIC] })
    added(7, 2) // the snapshot holds it
    added(9, 4)
    await settled()
    expect(end.asked).toEqual([ASKED])
    expect(seqs()).toEqual([1, 2, 4])
    added(10, 5)
    await settled()
    expect(seqs()).toEqual([1, 2, 4, 5])
  })

  it('does not wait for a line that says nothing, and is fetched again when it is followed at last', async () => {
    const { seqs } = open()
    await settled()
    vi.advanceTimersByTime(1_500)
    await settled()
    expect(seqs()).toEqual([1, 2])
    end.rows[ASKED] = { eventId: 9, data: { items: [message(1), message(2), message(3)], next_cursor: null } }
    end.line.say({ type: 'subscribed', topics: [TOPIC] })
    await settled()
    expect(seqs()).toEqual([1, 2, 3])
    expect(end.asked).toEqual([ASKED, ASKED])
  })

  it('is fetched at once when the line is down, and told by the next greeting what it missed', async () => {
    const { seqs } = open()
    end.line.drop()
    await settled()
    expect(seqs()).toEqual([1, 2])
    vi.advanceTimersByTime(1_000)
    expect(end.line.url).toContain(`topics=${encodeURIComponent(TOPIC)}`)
    end.line.say({ type: 'hello', event_id: 8 })
    added(8, 3)
    await settled()
    expect(seqs()).toEqual([1, 2, 3])
  })
})
