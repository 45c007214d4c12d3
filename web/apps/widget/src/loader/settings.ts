import type { Identity } from '@jieli/customer'
import { readIdentity } from '../talk'
import { nearest, type Locale } from './words'

export interface Settings {
  /** Where Jieli is: the origin that the script came from */
  origin: string
  channel: string
  locale: Locale
  theme: 'light' | 'dark' | 'auto'
  /** The signed-in user of the page, where it says so */
  identity: Identity | undefined
}

/** What the script tag says: `<script src="https://…/widget.js" data-channel="web" data-lang="en" data-theme="dark">`, and
    `data-account`, `data-user-hash` and `data-name` of who is signed in. */
export function settingsOf(tag: HTMLScriptElement, page: Document): Settings {
  const { channel, lang, theme, account, userHash, name } = tag.dataset
  return {
    origin: new URL(tag.src, page.baseURI).origin,
    channel: channel || 'web',
    locale: nearest(lang || page.documentElement.lang || navigator.language),
    theme: theme === 'light' || theme === 'dark' ? theme : 'auto',
    identity: readIdentity({ account, hash: userHash, name }),
  }
}

/** The frame's address. Of the page it is told where it is, without what may stand in its query. */
export function frameUrl({ origin, channel, locale, theme }: Settings, page: Location): string {
  const query = new URLSearchParams({ channel, lang: locale, theme, page: `${page.origin}${page.pathname}`, host: page.origin })
  return `${origin}/widget/?${query}`
}
