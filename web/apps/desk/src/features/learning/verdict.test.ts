import type { Decision, Me, Message, MessageCorrections } from '@jieli/api'
import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { enableAutoUnmount, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import { FarEnd, settled } from '../../app/far-end'
import { i18n } from '../../app/i18n'
import { keys } from '../../app/keys'
import { beginAt, follow, startLive, stopLive } from '../../app/live'
import Verdict from './Verdict.vue'

vi.mock('../../app/api', async () => ({ api: (await import('@jieli/api')).createApi({ fetch: (request) => fetch(request) }) }))

const TOPIC = 'conversation:talk'
const ASKED = 'GET /conversations/talk/corrections'
const SAID = 'POST /messages/m1/correction'
const me = { id: 'lin', name: '林', permissions: ['conversation.reply'] } as unknown as Me
const message = { id: 'm1', conversation: 'talk', direction: 'in' } as Message
const decision = { intent: 'track', emotion: 'calm', confidence: 0.6, model: 'm-1', reasons: [], action: 'answer' } as Decision
const said = (agent: string, state: 'waiting' | 'accepted' | 'confirmed', intent = 'refund_status'): MessageCorrections => ({
  message: 'm1', conversation: 'talk', found_intent: 'track', found_emotion: 'calm', found_confidence: 0.6, model: 'm-1',
  corrections: [{ id: 'c1', agent: { id: agent, name: agent }, intent, emotion: '', right: intent === 'track', state, at: '2026-01-01T00:00:00Z' }],
})

enableAutoUnmount(afterEach)
let end: FarEnd

async function look(reader = me) {
  const [client, pinia] = [new QueryClient({ defaultOptions: { queries: { retry: false } } }), createPinia()]
  client.setQueryData(keys.me, reader)
  setActivePinia(pinia)
  beginAt(5)
  startLive(client, reader)
  end.line.say({ type: 'hello', event_id: 5 })
  follow(TOPIC)
  const plugins = [[VueQueryPlugin, { queryClient: client }], pinia, i18n] as never[]
  const shown = mount(Verdict, { props: { message, decision }, global: { plugins }, attachTo: document.body })
  await settled()
  expect(end.asked).toEqual([])
  end.line.say({ type: 'subscribed', topics: [TOPIC] })
  await settled()
  return shown
}

beforeEach(() => {
  i18n.global.locale.value = 'zh-CN'
  end = new FarEnd()
  end.rows[ASKED] = { eventId: 7, data: [] }
})
afterEach(() => {
  stopLive()
  document.body.replaceChildren()
  vi.unstubAllGlobals()
})

describe('what was understood', () => {
  it('is confirmed by one click, at once', async () => {
    end.rows[SAID] = { eventId: 8, data: said('lin', 'confirmed', 'track') }
    const verdict = await look()
    expect(verdict.text()).toContain('查物流')
    await verdict.get('.right').trigger('click')
    await nextTick()
    expect(verdict.text()).toBe('识别对了')
    await settled()
    expect(end.asked).toEqual([ASKED, SAID])
    expect(verdict.text()).toBe('识别对了')
  })

  it('is as before when the server refuses', async () => {
    end.rows[SAID] = 422
    const verdict = await look()
    await verdict.get('.right').trigger('click')
    await settled()
    expect(verdict.find('.mark').exists()).toBe(false)
    expect(verdict.find('.right').exists()).toBe(true)
  })

  it('is corrected by keys alone', async () => {
    end.rows[SAID] = { eventId: 8, data: said('lin', 'waiting') }
    const verdict = await look()
    await verdict.get('.wrong').trigger('click')
    await vi.waitFor(() => expect(document.querySelector('[role="combobox"]')).not.toBeNull())
    const field = document.querySelector<HTMLInputElement>('[role="combobox"]')!
    field.value = '退款'
    field.dispatchEvent(new Event('input', { bubbles: true }))
    await settled()
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
    await settled()
    expect(end.asked).toEqual([ASKED, SAID])
    expect(verdict.text()).toContain('退款进度')
    expect(verdict.text()).toContain('待复核')
  })

  it('shows live what a colleague said, and what became of it', async () => {
    const verdict = await look()
    end.tell(8, 'message.corrected', TOPIC, said('周', 'waiting'))
    await settled()
    expect(verdict.text()).toContain('周')
    end.tell(9, 'message.corrected', TOPIC, said('周', 'accepted'))
    end.tell(10, 'message.corrected', TOPIC, { ...said('周', 'waiting'), message: 'm2' })
    await settled()
    expect(verdict.text()).toContain('已采纳')
    expect(end.asked).toEqual([ASKED])
  })

  it('is left to those who may answer customers', async () => {
    const verdict = await look({ ...me, permissions: ['conversation.read'] } as Me)
    expect(verdict.find('button').exists()).toBe(false)
  })
})
