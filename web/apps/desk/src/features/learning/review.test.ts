import type { CorrectionView, Me } from '@jieli/api'
import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { enableAutoUnmount, mount, RouterLinkStub } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { FarEnd, settled } from '../../app/far-end'
import { i18n } from '../../app/i18n'
import { keys } from '../../app/keys'
import { beginAt, startLive, stopLive } from '../../app/live'
import LearningPage from './LearningPage.vue'

vi.mock('../../app/api', async () => ({ api: (await import('@jieli/api')).createApi({ fetch: (request) => fetch(request) }) }))

const reviewer = { id: 'he', name: '禾', permissions: ['learning.review'] } as unknown as Me
const LISTED = 'GET /learning/corrections'
const one = (id: string, more: Partial<CorrectionView> = {}) =>
  ({
    id, message: `m-${id}`, conversation: 'talk', brand: '', text: `话 ${id}`, previous: [{ by: 'bot', text: '您好' }], expecting: '', open_matters: [], found_intent: 'track', found_emotion: 'calm',
    found_confidence: 0.6, model: 'm-1', intent: 'refund_status', emotion: '', note: '', right: false, state: 'waiting', agent: { id: 'lin', name: '林' }, at: '2026-01-01T00:00:00Z',
    mine: false, reviewer: null, reviewed_at: null, review_note: '', ...more,
  }) as CorrectionView

enableAutoUnmount(afterEach)
let end: FarEnd

async function look(reader: Me, path = '/learning/review') {
  const [client, pinia] = [new QueryClient({ defaultOptions: { queries: { retry: false } } }), createPinia()]
  client.setQueryData(keys.me, reader)
  setActivePinia(pinia)
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/learning/:tab?', name: 'learning', component: LearningPage, props: true }] })
  await router.push(path)
  beginAt(5)
  startLive(client, reader)
  end.line.say({ type: 'hello', event_id: 5 })
  const plugins = [[VueQueryPlugin, { queryClient: client }], pinia, i18n, router] as never[]
  const page = mount(LearningPage, { props: { tab: 'review' }, global: { plugins, stubs: { RouterLink: RouterLinkStub } } })
  await settled()
  return page
}

function press(key: string): void {
  window.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
}

const texts = (page: Awaited<ReturnType<typeof look>>) => page.findAll('blockquote').map((quote) => quote.text())

beforeEach(() => {
  i18n.global.locale.value = 'zh-CN'
  end = new FarEnd()
  end.rows[LISTED] = { eventId: 5, data: { items: [one('a'), one('b', { mine: true }), one('c')], next_cursor: null } }
  end.rows['GET /learning/counts'] = { eventId: 5, data: { waiting: 3, accepted: 0, rejected: 0, confirmed: 0 } }
  end.rows['GET /learning/pairs'] = { eventId: 5, data: [{ found: 'track', said: 'refund_status', times: 3 }] }
})
afterEach(() => {
  stopLive()
  vi.unstubAllGlobals()
})

describe('a review', () => {
  it('goes from one to the next by keys, and what is decided leaves the list', async () => {
    end.rows['POST /learning/corrections/a/accept'] = { eventId: 6, data: one('a', { state: 'accepted' }) }
    end.rows['POST /learning/corrections/c/reject'] = { eventId: 7, data: one('c', { state: 'rejected' }) }
    const page = await look(reviewer)
    press('a')
    await settled()
    expect(texts(page)).toEqual(['话 b', '话 c'])
    press('j')
    await settled()
    press('r')
    await settled()
    expect(texts(page)).toEqual(['话 b'])
    expect(end.asked.filter((asked) => asked.startsWith('POST'))).toEqual(['POST /learning/corrections/a/accept', 'POST /learning/corrections/c/reject'])
  })

  it('leaves one’s own correction to a colleague', async () => {
    const page = await look(reviewer)
    press('j')
    await settled()
    press('a')
    await settled()
    expect(end.asked.some((asked) => asked.startsWith('POST'))).toBe(false)
    expect(page.get('[aria-current="true"]').text()).toContain('自己的更正由同事来复核')
  })

  it('is fetched anew when somebody else decided', async () => {
    const page = await look(reviewer)
    end.rows[LISTED] = { eventId: 9, data: { items: [one('c')], next_cursor: null } }
    end.tell(9, 'correction.reviewed', 'learning', { id: 'a', state: 'accepted' })
    await new Promise((go) => setTimeout(go, 450))
    await settled()
    expect(texts(page)).toEqual(['话 c'])
  })

  it('hears loudly of a model that was replaced without a person', async () => {
    await look(reviewer)
    end.tell(9, 'model.changed', 'desk', { action: 'replaced' })
    await settled()
    expect(document.body.textContent).toContain('已自动换回上一个模型')
  })

  it('asks for nothing where the reader may not', async () => {
    const page = await look({ ...reviewer, permissions: [] } as unknown as Me)
    expect(page.text()).toContain('这一页归运营和管理员')
    expect(end.asked).toEqual([])
  })
})
