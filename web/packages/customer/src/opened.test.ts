import { createWords } from '@jieli/words'
import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { flushPromises, mount } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import Opened from './Opened.vue'
import { openVisit } from './visit'

const LIN = { account: 'A-1', hash: 'good', name: '林晚' }
let lines: string[]
let asked: { path: string; body: Record<string, string> }[]

class Line {
  static readonly OPEN = 1
  readonly readyState = 0
  constructor(url: string) {
    lines.push(new URL(url).searchParams.get('token') ?? '')
  }
  close(): void {}
}

/** Knows strangers by number, and vouches for whoever brings the hash “good”. */
async function server(request: Request): Promise<Response> {
  const path = new URL(request.url).pathname.split('/').at(-1) ?? ''
  const body = (await request.json()) as Record<string, string>
  asked.push({ path, body })
  if (path === 'identify' && body.user_hash !== 'good') return Response.json({ code: 'forbidden', title: 'forbidden', detail: 'no' }, { status: 403 })
  const token = path === 'identify' ? `${body.token}=${body.account}` : body.token || `stranger-${asked.length}`
  return Response.json({ token, channel: 'web', person: token, name: '', locale: 'zh-hans' })
}

beforeEach(() => {
  localStorage.clear()
  sessionStorage.clear()
  lines = []
  asked = []
  vi.stubGlobal('fetch', server)
  vi.stubGlobal('WebSocket', Line)
})

describe('a visit that a site vouches for', () => {
  const open = (identity?: typeof LIN) => openVisit({ channel: 'web', locale: 'zh-CN', identity })

  it('goes on from the stranger’s, and is kept', async () => {
    await open()
    expect((await open(LIN)).token).toBe('stranger-1=A-1')
    expect((await open()).token).toBe('stranger-1=A-1')
  })

  it('stays the stranger’s where the proof is wrong', async () => {
    const said = vi.spyOn(console, 'error').mockReturnValue()
    const { token } = await open()
    expect((await open({ ...LIN, hash: 'bad' })).token).toBe(token)
    expect(said).toHaveBeenCalledOnce()
  })

  it('is not gone on with by the next account at this browser, nor are its unsent words', async () => {
    await open(LIN)
    sessionStorage.setItem('jieli.outbox.web', '[{}]')
    const { token } = await open({ ...LIN, account: 'B-2' })
    expect(token).toMatch(/^stranger-\d=B-2$/)
    expect(sessionStorage.getItem('jieli.outbox.web')).toBeNull()
  })
})

it('begins what it shows anew, on a new line, when the site says who it is', async () => {
  const page = mount(Opened, {
    props: { channel: 'web' },
    slots: { default: '<p>chat</p>' },
    global: { plugins: [createWords({ 'zh-CN': {}, en: {} }, 'zh-CN'), [VueQueryPlugin, { queryClient: new QueryClient() }]] },
  })
  await flushPromises()
  expect(page.text()).toBe('chat')
  await page.setProps({ identity: LIN })
  await flushPromises()
  expect(page.text()).toBe('chat')
  expect(lines).toEqual(['stranger-1', 'stranger-1=A-1'])
  expect(asked.at(-1)?.body).toMatchObject({ account: 'A-1', user_hash: 'good', name: '林晚' })
  page.unmount()
})
