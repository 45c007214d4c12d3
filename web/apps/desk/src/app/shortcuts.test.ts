import { describe, expect, it } from 'vitest'
import { shortcutOf } from './shortcuts'

function press(init: KeyboardEventInit & { keyCode?: number }, target: HTMLElement = document.body, altGraph = false): string {
  const event = new KeyboardEvent('keydown', { bubbles: true, ...init })
  Object.defineProperty(event, 'keyCode', { value: init.keyCode ?? 0 })
  Object.defineProperty(event, 'isComposing', { value: init.isComposing ?? false })
  event.getModifierState = (key) => altGraph && key === 'AltGraph'
  Object.defineProperty(event, 'target', { value: target })
  return shortcutOf(event)
}

describe('a key press', () => {
  it.each([
    [{ key: 'j' }, 'j'],
    [{ key: 'J' }, 'j'],
    [{ key: 'T', shiftKey: true }, 'T'],
    [{ key: '?', shiftKey: true }, '?'],
    [{ key: 'k', ctrlKey: true }, 'ctrl+k'],
    [{ key: 'k', metaKey: true }, 'ctrl+k'],
  ])('%o is the shortcut %s', (init, name) => {
    expect(press(init)).toBe(name)
  })

  it.each([
    ['an input method composing', { key: 'j', isComposing: true }],
    ['an input method that says only 229', { key: 'Process', keyCode: 229 }],
    ['the browser', { key: 'e', ctrlKey: true }],
    ['the menu', { key: 'e', altKey: true }],
  ])('belongs to %s', (_, init) => {
    expect(press(init)).toBe('')
  })

  it('belongs to a layout that writes signs with AltGr', () => {
    expect(press({ key: 'k', ctrlKey: true, altKey: true }, document.body, true)).toBe('')
  })

  it('belongs to the field it is typed in, but for the palette', () => {
    const field = document.createElement('textarea')
    expect(press({ key: 'e' }, field)).toBe('')
    expect(press({ key: 'k', ctrlKey: true }, field)).toBe('ctrl+k')
  })
})
