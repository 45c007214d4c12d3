import tokens from '@jieli/ui/tokens.css?raw'
import { readFromFrame, readIdentity, type ToFrame } from '../talk'
import sheet from './bubble.css?raw'
import { frameUrl, settingsOf, type Settings } from './settings'
import { bubbleWords } from './words'

const CHAT = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M21 12a8.5 8.5 0 0 1-12.4 7.5L3 21l1.6-5.2A8.5 8.5 0 1 1 21 12Z"/></svg>'
const CLOSE = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M6 9l6 6 6-6"/></svg>'
/** Who talked to us once is told of an answer on any page; for others the frame is fetched when it is opened. */
const USED = 'jieli.widget.used'

function remembered(): boolean {
  try {
    return localStorage.getItem(USED) !== null
  } catch {
    return false // a page may forbid storage; then nothing is preloaded
  }
}

function element<Name extends keyof HTMLElementTagNameMap>(name: Name, set: Partial<HTMLElementTagNameMap[Name]>): HTMLElementTagNameMap[Name] {
  return Object.assign(document.createElement(name), set)
}

function isDark({ theme }: Settings): boolean {
  return theme === 'dark' || (theme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches)
}

function build(settings: Settings) {
  const words = bubbleWords(settings.locale)
  const host = document.createElement('jieli-chat')
  host.dataset.theme = isDark(settings) ? 'dark' : 'light'
  host.lang = settings.locale
  const root = host.attachShadow({ mode: 'open' })
  const style = element('style', { textContent: tokens.replace(/:root/g, ':host').replace(/\[data-theme='(\w+)'\]/g, ":host([data-theme='$1'])") + sheet })
  const panel = element('div', { className: 'panel', id: 'panel', hidden: true })
  const button = element('button', { type: 'button' })
  const mark = element('span', { className: 'mark', hidden: true })
  button.setAttribute('aria-controls', 'panel')
  root.append(style, panel, button)
  let frame: HTMLIFrameElement | undefined
  let loaded = false
  let unread = 0
  let { identity } = settings

  const shown = () => !panel.hidden
  /** Before it is loaded the frame still has this page's origin, and would refuse to hear. */
  const say = (word: ToFrame) => void (loaded && frame?.contentWindow?.postMessage(word, settings.origin))
  const tell = () => say({ jieli: 'shown', shown: shown() })
  const vouch = () => identity && say({ jieli: 'identify', identity })

  function draw(): void {
    button.innerHTML = shown() ? CLOSE : CHAT
    mark.hidden = shown() || unread === 0
    mark.textContent = unread > 9 ? '9+' : String(unread)
    button.append(mark)
    button.setAttribute('aria-expanded', String(shown()))
    button.setAttribute('aria-label', shown() ? words.close : words.open(unread))
  }

  function load(): void {
    if (frame) return
    frame = element('iframe', { src: frameUrl(settings, location), title: words.frame })
    frame.addEventListener('load', () => {
      loaded = true
      vouch()
      tell()
    })
    panel.append(frame)
  }

  function show(open: boolean): void {
    if (open) {
      load()
      try {
        localStorage.setItem(USED, '1')
      } catch {
        // see remembered()
      }
    }
    panel.hidden = !open
    host.toggleAttribute('data-open', open)
    draw()
    tell()
    if (open) frame?.focus()
    else button.focus()
  }

  /** Whose chat it is from now on: `{ account, hash, name? }` of the user who signed in on the page. */
  function identify(given: unknown): void {
    const read = readIdentity(given)
    if (!read) throw new TypeError('Jieli.identify needs { account, hash } and takes a name')
    identity = read
    vouch()
  }

  addEventListener('message', ({ source, origin, data }) => {
    if (!frame || source !== frame.contentWindow || origin !== settings.origin) return
    const word = readFromFrame(data)
    if (word?.jieli === 'close') show(false)
    if (word?.jieli === 'unread') {
      unread = word.n
      draw()
    }
  })
  button.addEventListener('click', () => show(!shown()))
  root.addEventListener('keydown', (event) => {
    if ((event as KeyboardEvent).key === 'Escape' && shown()) show(false)
  })
  draw()
  document.body.append(host)
  if (remembered()) setTimeout(load, 1_500)
  return { open: () => show(true), close: () => show(false), identify }
}

const tag = document.currentScript
if (tag instanceof HTMLScriptElement && !document.querySelector('jieli-chat')) {
  const settings = settingsOf(tag, document)
  const start = () => Object.assign(window, { Jieli: build(settings) })
  if (document.body) start()
  else addEventListener('DOMContentLoaded', start)
}
