import { mayBeSignedIn } from '@jieli/api'
import { QueryClient, useQuery, VueQueryPlugin } from '@tanstack/vue-query'
import { enableAutoUnmount, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent } from 'vue'
import { createMemoryHistory, createRouter, RouterView } from 'vue-router'
import { api } from '../../app/api'
import { FarEnd, settled } from '../../app/far-end'
import { useSignOut } from './session'

vi.mock('../../app/api', async () => ({ api: (await import('@jieli/api')).createApi({ fetch: (request) => fetch(request) }) }))

enableAutoUnmount(afterEach)
let end: FarEnd
const router = () =>
  createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/', component: Desk },
      { path: '/sign-in', name: 'sign-in', component: { render: () => 'sign in' } },
    ],
  })

let signOut!: () => Promise<void>
const Desk = defineComponent({
  setup() {
    signOut = useSignOut()
    const asked = useQuery({ queryKey: ['counts'], queryFn: () => api.GET('/api/v1/conversations/counts'), refetchInterval: 20 })
    return () => `desk ${asked.status.value}`
  },
})

async function atTheDesk() {
  const routes = router()
  await routes.push('/')
  const screen = mount(RouterView, { global: { plugins: [routes, [VueQueryPlugin, { queryClient: new QueryClient() }]] } })
  await settled()
  return screen
}

beforeEach(() => {
  end = new FarEnd()
  setActivePinia(createPinia())
  localStorage.setItem('jieli.signedIn', '1')
  end.rows['GET /conversations/counts'] = { eventId: 1, data: {} }
})
afterEach(() => vi.unstubAllGlobals())

describe('signing out', () => {
  it('asks for nothing once the session has ended, and waits for what was asked before', async () => {
    end.rows['POST /sign-out'] = { eventId: 1, data: { done: true } }
    const screen = await atTheDesk()
    await signOut()
    expect(screen.text()).toBe('sign in')
    expect(end.asked.at(-1)).toBe('POST /sign-out')
    await new Promise((go) => setTimeout(go, 80))
    expect(end.asked.at(-1)).toBe('POST /sign-out')
    expect(mayBeSignedIn()).toBe(false)
  })

  it('that the server refuses leaves everything as it was', async () => {
    end.rows['POST /sign-out'] = 503
    const screen = await atTheDesk()
    await signOut()
    await settled()
    expect(screen.text()).toContain('desk')
    expect(mayBeSignedIn()).toBe(true)
  })
})
