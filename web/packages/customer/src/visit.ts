import { body, createApi, Problem, type Api, type Visit } from '@jieli/api'
import { chosenLocale, type Locale } from '@jieli/words'
import { outboxOf } from './sending'

/** A user whom the site around vouches for: `hash` is hex HMAC-SHA256 of the account under the channel's `identity_secret`. */
export interface Identity {
  account: string
  hash: string
  name: string
}

export interface Opening {
  channel: string
  locale: Locale
  /** A signed text that opens one person's page (`jieli customer link`) */
  link?: string
  identity?: Identity
}

const kept = (channel: string) => `jieli.visit.${channel}`
/** Whose visit the kept one is, where a site vouched for them */
const keptAccount = (channel: string) => `jieli.account.${channel}`
/** The language as the server names it. */
const named = (locale: Locale) => (locale === 'en' ? 'en' : 'zh-hans')

/** Whoever is known keeps the language they are known by, unless they chose another on this device. */
async function begin({ channel, locale }: Opening, more: { token?: string; link?: string }): Promise<Visit> {
  const fresh = !more.token && !more.link
  const said = fresh ? locale : chosenLocale()
  const visit = await body(createApi().POST('/api/v1/customer/session', { body: { channel, locale: said ? named(said) : '', token: '', link: '', ...more } }))
  localStorage.setItem(kept(channel), visit.token)
  if (!more.token) localStorage.removeItem(keptAccount(channel))
  return visit
}

/** Whether this browser has talked to us before. */
export function known(channel: string): boolean {
  return localStorage.getItem(kept(channel)) !== null
}

/** Goes on as whom this browser knows, or as whom the link was made for, or as somebody new; then as whom the site vouches for. */
export async function openVisit(opening: Opening): Promise<Visit> {
  if (opening.identity) leaveOthers(opening.channel, opening.identity)
  const visit = await resume(opening)
  return opening.identity ? identified(visit, opening.identity) : visit
}

/** Somebody else signed in at this browser: neither their thread nor words not yet sent are the next one's. */
function leaveOthers(channel: string, { account }: Identity): void {
  if ([null, account].includes(localStorage.getItem(keptAccount(channel)))) return
  for (const key of [kept(channel), keptAccount(channel)]) localStorage.removeItem(key)
  sessionStorage.removeItem(outboxOf(channel))
}

async function identified(visit: Visit, { account, hash, name }: Identity): Promise<Visit> {
  const { channel, token } = visit
  try {
    const known = await body(createApi().POST('/api/v1/customer/identify', { body: { channel, token, account, user_hash: hash, name } }))
    localStorage.setItem(kept(channel), known.token)
    localStorage.setItem(keptAccount(channel), account)
    return known
  } catch (error) {
    if (!(error instanceof Problem) || error.transient) throw error
    console.error(`Jieli.identify: ${error.message}`) // for whoever builds the site; the customer can write all the same
    return visit
  }
}

async function resume(opening: Opening): Promise<Visit> {
  if (opening.link) return begin(opening, { link: opening.link })
  const token = localStorage.getItem(kept(opening.channel))
  if (!token) return begin(opening, {})
  try {
    return await begin(opening, { token })
  } catch (error) {
    // A token of another installation, or of a channel made anew: nothing of it can be had back.
    if (error instanceof Problem && error.code === 'visitor_token_invalid') return begin(opening, {})
    throw error
  }
}

/** The language was switched: what is said to them from now on is in it. */
export async function tellLocale({ channel, token }: Visit, locale: Locale): Promise<void> {
  await createApi().POST('/api/v1/customer/session', { body: { channel, token, link: '', locale: named(locale) } })
}

/** The client of one visit: every question says who asks. */
export function apiOf(visit: Pick<Visit, 'channel' | 'token'>): Api {
  return createApi({
    fetch(request) {
      request.headers.set('X-Visitor', visit.token)
      request.headers.set('X-Channel', visit.channel)
      return fetch(request)
    },
  })
}
