import { answer, mine } from '@jieli/customer/fixtures'
import { describe, expect, it } from 'vitest'
import { asked } from './frame/asked'
import { hear, heard } from './frame/host'
import { unreadSince } from './frame/unread'
import { frameUrl, settingsOf } from './loader/settings'
import { bubbleWords } from './loader/words'
import { readFromFrame, readToFrame } from './talk'

function tag(data: Record<string, string>): HTMLScriptElement {
  const script = document.createElement('script')
  Object.defineProperty(script, 'src', { value: 'https://help.example/widget.js' })
  Object.assign(script.dataset, data)
  return script
}

describe('the script tag', () => {
  it('says the channel, language and theme; the page says the language where it does not', () => {
    document.documentElement.lang = 'en-GB'
    expect(settingsOf(tag({}), document)).toEqual({ origin: 'https://help.example', channel: 'web', locale: 'en', theme: 'auto', identity: undefined })
    expect(settingsOf(tag({ channel: 'shop', lang: 'zh', theme: 'dark' }), document)).toMatchObject({ channel: 'shop', locale: 'zh-CN', theme: 'dark' })
    expect(settingsOf(tag({ theme: 'pink' }), document).theme).toBe('auto')
  })

  it('may say who is signed in, with the proof', () => {
    expect(settingsOf(tag({ account: 'A-1', userHash: 'ab12', name: '林晚' }), document).identity).toEqual({ account: 'A-1', hash: 'ab12', name: '林晚' })
    expect(settingsOf(tag({ account: 'A-1' }), document).identity).toBeUndefined()
    expect(settingsOf(tag({ account: '', userHash: 'ab12' }), document).identity).toBeUndefined()
  })

  it('tells the frame where it stands, but not what may be secret in the address', () => {
    const page = new URL('https://shop.example/item/7?token=secret#secret') as unknown as Location
    const url = new URL(frameUrl(settingsOf(tag({}), document), page))
    expect(url.origin + url.pathname).toBe('https://help.example/widget/')
    expect(url.searchParams.get('page')).toBe('https://shop.example/item/7')
    expect(url.searchParams.get('host')).toBe('https://shop.example')
  })
})

describe('what page and frame tell each other', () => {
  it('is taken when it is understood, and nothing else is', () => {
    expect(readFromFrame({ jieli: 'unread', n: 2 })).toEqual({ jieli: 'unread', n: 2 })
    expect(readFromFrame({ jieli: 'unread', n: -2 })).toEqual({ jieli: 'unread', n: 0 })
    expect(readFromFrame({ jieli: 'close', more: 1 })).toEqual({ jieli: 'close' })
    expect(readToFrame({ jieli: 'shown', shown: true })).toEqual({ jieli: 'shown', shown: true })
    for (const other of [null, 'close', 3, {}, { jieli: 'unread', n: '2' }, { jieli: 'unread', n: NaN }]) expect(readFromFrame(other)).toBeUndefined()
    for (const other of [null, {}, { jieli: 'shown', shown: 1 }]) expect(readToFrame(other)).toBeUndefined()
  })
})

describe('who is signed in', () => {
  const word = { jieli: 'identify', identity: { account: 'A-1', hash: 'ab12', name: '' } }

  it('is believed of the page around only, and when it is complete', () => {
    asked.host = 'https://shop.example'
    hear({ source: window.parent, origin: 'https://other.example', data: word })
    hear({ source: null, origin: asked.host, data: word })
    hear({ source: window.parent, origin: asked.host, data: { jieli: 'identify', identity: { account: 'A-1', hash: 7 } } })
    expect(heard.identity).toBeUndefined()
    hear({ source: window.parent, origin: asked.host, data: word })
    expect(heard.identity).toEqual(word.identity)
  })
})

it('counts answers that were not seen, and none of one’s own', () => {
  expect(unreadSince([answer(1), mine(2), answer(3), answer(4)], 'm-001')).toBe(2)
  expect(unreadSince([answer(1)], '')).toBe(1)
})

it('says on the bubble how many answers wait', () => {
  expect(bubbleWords('zh-CN').open(3)).toContain('3')
  expect(bubbleWords('en').open(0)).not.toMatch(/\{|\d/)
})
