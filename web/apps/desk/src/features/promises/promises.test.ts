import type { LedgerLine, Me } from '@jieli/api'
import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { enableAutoUnmount, mount, RouterLinkStub, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FarEnd, settled } from '../../app/far-end'
import { i18n } from '../../app/i18n'
import { beginAt, startLive, stopLive } from '../../app/live'
import PromisesPage from './PromisesPage.vue'

vi.mock('../../app/api', async () => ({ api: (await import('@jieli/api')).createApi({ fetch: (request) => fetch(request) }) }))

const TOPIC = 'promises:all'
const ASKED = 'GET /promises'
const line = (id: string, due: string, more: Partial<LedgerLine> = {}) =>
  ({
    id, what: `承诺 ${id}`, kind: 'ship_by', made_by: 'agent', state: 'open', due_at: `2099-01-0${due}T00:00:00Z`, compensation: '', order: '', conversation: null,
    customer: { id: 'p', name_masked: '章**', tier: 'gold' }, ...more,
  }) as LedgerLine

enableAutoUnmount(afterEach)
let end: FarEnd

async function look() {
  const [client, pinia] = [new QueryClient({ defaultOptions: { queries: { retry: false } } }), createPinia()]
  setActivePinia(pinia)
  beginAt(5)
  startLive(client, { id: 'lin' } as Me)
  end.line.say({ type: 'hello', event_id: 5 })
  const plugins = [[VueQueryPlugin, { queryClient: client }], pinia, i18n] as never[]
  const page = mount(PromisesPage, { global: { plugins, components: { RouterLink: RouterLinkStub }, stubs: { RouterLink: RouterLinkStub } } })
  await settled()
  expect(end.asked).toEqual([])
  end.line.say({ type: 'subscribed', topics: [TOPIC] })
  await settled()
  return page
}

const shown = (page: Awaited<ReturnType<typeof look>>) => page.findAll('article p:first-child').map((p) => p.text())

beforeEach(() => {
  end = new FarEnd()
  end.rows[ASKED] = { eventId: 7, data: { items: [line('b', '3'), line('a', '2', { order: 'JL1', conversation: 'talk' })], next_cursor: null } }
})
afterEach(() => {
  stopLive()
  vi.unstubAllGlobals()
})

describe('the promises', () => {
  it('are followed before they are fetched, and change where they stand', async () => {
    const page = await look()
    expect(end.line.sent).toEqual([{ type: 'subscribe', topics: [TOPIC] }])
    expect(shown(page)).toEqual(['承诺 a', '承诺 b'])
    end.tell(8, 'promises.made', TOPIC, line('c', '1'))
    end.tell(9, 'promises.extended', TOPIC, line('a', '4', { order: 'JL1' }))
    end.tell(10, 'promises.kept', TOPIC, line('b', '3', { state: 'kept' }))
    await settled()
    expect(shown(page)).toEqual(['承诺 c', '承诺 a'])
    expect(end.asked).toEqual([ASKED])
  })

  it('go on after the line broke', async () => {
    const page = await look()
    end.line.drop()
    await new Promise((go) => setTimeout(go, 600))
    expect(end.line.url).toContain(`topics=${encodeURIComponent(TOPIC)}`)
    end.line.say({ type: 'hello', event_id: 8 })
    end.tell(8, 'promises.broken', TOPIC, line('b', '3', { state: 'broken' }))
    await settled()
    expect(shown(page)).toEqual(['承诺 a'])
    expect(end.asked).toEqual([ASKED])
  })

  it('name the customer and the order, with the way to both', async () => {
    const page = await look()
    const [first, second] = page.findAll('article')
    expect(first!.text()).toContain('章**')
    expect(first!.text()).toContain('JL1')
    const talk = { name: 'inbox', params: { view: 'all', id: 'talk' } }
    expect(first!.findAllComponents(RouterLinkStub).map((link: VueWrapper) => link.props('to' as never))).toEqual([talk, { ...talk, query: { order: 'JL1' } }])
    expect(second!.findAllComponents(RouterLinkStub)).toHaveLength(0)
  })

  it('are forgotten by the line when the page is left', async () => {
    const page = await look()
    page.unmount()
    expect(end.line.sent.at(-1)).toEqual({ type: 'unsubscribe', topics: [TOPIC] })
  })
})
