import type { Call, Me } from '@jieli/api'
import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { enableAutoUnmount, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi, type MockInstance } from 'vitest'
import { useDesk } from '../../app/desk'
import { FarEnd, settled } from '../../app/far-end'
import { i18n } from '../../app/i18n'
import { beginAt, startLive, stopLive } from '../../app/live'
import { router } from '../../app/router'
import { keys } from '../../app/keys'
import { LINGERS_MS } from './calls'
import ScreenPop from './ScreenPop.vue'

vi.mock('../../app/api', async () => ({ api: (await import('@jieli/api')).createApi({ fetch: (request) => fetch(request) }) }))

const LIN = { id: 'lin', name: '林晚' }
const call = (state: Call['state'], more: Partial<Call> = {}) =>
  ({ call: 'c1', channel: 'hotline', caller: '138****0000', extension: '', at: new Date().toISOString(), state, conversation: 'talk', matters: [], ...more }) as Call

enableAutoUnmount(afterEach)
let end: FarEnd
let push: MockInstance

async function sitDown(ringing: Call[] = []) {
  const [client, pinia] = [new QueryClient({ defaultOptions: { queries: { retry: false } } }), createPinia()]
  setActivePinia(pinia)
  end.rows['GET /calls'] = { eventId: 10, data: ringing }
  client.setQueryData(keys.me, { id: LIN.id } as Me)
  beginAt(10)
  startLive(client, { id: LIN.id } as Me)
  end.line.say({ type: 'hello', event_id: 10 })
  const screen = mount(ScreenPop, { global: { plugins: [[VueQueryPlugin, { queryClient: client }], pinia, i18n] } })
  await settled()
  const told = async (id: number, state: NonNullable<Call['state']>, more: Partial<Call> = {}) => {
    end.tell(id, `call.${state}`, 'desk', call(state, more))
    await settled()
  }
  return { screen, told }
}

beforeEach(() => {
  end = new FarEnd()
  push = vi.spyOn(router, 'push').mockResolvedValue(undefined)
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  stopLive()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('a call', () => {
  it('that rings already is there when the desk comes to it', async () => {
    const { screen } = await sitDown([call('ringing')])
    expect(screen.get('[role=alertdialog]').text()).toContain('138****0000')
    expect(end.line.url).toContain('last_event_id=9')
  })

  it('answered by a colleague says who it was, and goes', async () => {
    const { screen, told } = await sitDown()
    await told(11, 'ringing')
    expect(screen.find('[role=alertdialog]').exists()).toBe(true)
    await told(12, 'answered', { answered_by: { id: 'wei', name: '魏青' } })
    expect(screen.find('[role=alertdialog]').exists()).toBe(false)
    expect(screen.get('[role=status]').text()).toContain('魏青')
    expect(push).not.toHaveBeenCalled()
    vi.advanceTimersByTime(LINGERS_MS)
    await settled()
    expect(screen.find('article').exists()).toBe(false)
  })

  it('opens its conversation for who answered it', async () => {
    const { screen, told } = await sitDown([call('ringing')])
    await told(11, 'answered', { answered_by: LIN })
    expect(push).toHaveBeenCalledWith({ name: 'inbox', params: { view: 'all', id: 'talk' } })
    expect(screen.find('article').exists()).toBe(false)
  })

  it('takes nobody out of a dialog', async () => {
    const { screen, told } = await sitDown([call('ringing')])
    useDesk().dialog = 'ticket'
    await told(11, 'answered', { answered_by: LIN })
    expect(push).not.toHaveBeenCalled()
    await screen.get('article > button').trigger('click')
    expect(push).toHaveBeenCalledOnce()
  })

  it('answered by nobody knows whom tells the extension', async () => {
    const { screen, told } = await sitDown([call('ringing')])
    await told(11, 'answered', { answered_by: null, extension: '8002' })
    expect(screen.get('[role=status]').text()).toContain('8002')
  })

  it('that ended is gone, that was missed says so first', async () => {
    const { screen, told } = await sitDown([call('ringing'), call('ringing', { call: 'c2' })])
    await told(11, 'ended')
    expect(screen.findAll('article')).toHaveLength(1)
    await told(12, 'missed', { call: 'c2' })
    expect(screen.get('[role=status]').text()).toContain(i18n.global.t('desk.call.missed'))
    vi.advanceTimersByTime(LINGERS_MS)
    await settled()
    expect(screen.find('article').exists()).toBe(false)
  })

  it('put away stays away, whatever becomes of it', async () => {
    const { screen, told } = await sitDown([call('ringing')])
    await screen.get('article button').trigger('click')
    await told(11, 'answered', { answered_by: { id: 'wei', name: '魏青' } })
    expect(screen.find('article').exists()).toBe(false)
  })
})
