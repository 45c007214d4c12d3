import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { mayBeSignedIn, signIn, signOut } from './session'

const IN = { status: 200, meta: { is_authenticated: true } }
const asked: string[] = []

/** A server that answers these in turn. */
function answering(...answers: { status: number }[]): void {
  vi.stubGlobal('fetch', async (address: string, { method }: RequestInit) => {
    asked.push(`${method} ${address.replace('/_allauth/browser/v1', '')}`)
    const answer = answers.shift()!
    return new Response(JSON.stringify(answer), { status: answer.status })
  })
}

beforeEach(() => {
  asked.length = 0
  localStorage.clear()
  document.cookie = 'jieli_csrf=token-1'
})
afterEach(() => vi.unstubAllGlobals())

describe('signing in', () => {
  it('leaves a hint in this browser, and signing out takes it away', async () => {
    answering(IN, { status: 200 })
    expect(mayBeSignedIn()).toBe(false)
    expect(await signIn('mai', 'secret')).toBe('signed_in')
    expect(mayBeSignedIn()).toBe(true)
    await signOut()
    expect(mayBeSignedIn()).toBe(false)
  })

  it('asks for the CSRF cookie first where there is none', async () => {
    document.cookie = 'jieli_csrf=; expires=Thu, 01 Jan 1970 00:00:00 GMT'
    answering({ status: 200 }, IN)
    await signIn('mai', 'secret')
    expect(asked).toEqual(['GET /config', 'POST /auth/login'])
  })

  it('ends the session that somebody else left behind', async () => {
    answering({ status: 409 }, { status: 200 }, IN)
    expect(await signIn('mai', 'secret')).toBe('signed_in')
    expect(asked).toEqual(['POST /auth/login', 'POST /api/v1/sign-out', 'POST /auth/login'])
  })

  it('goes on where the server did not end the session', async () => {
    answering(IN, { status: 403 })
    await signIn('mai', 'secret')
    await expect(signOut()).rejects.toMatchObject({ status: 403 })
    expect(mayBeSignedIn()).toBe(true)
  })
})
