import { csrfToken } from './browser'
import { Problem } from './problem'

/** Sign-in by django-allauth's headless browser client, whose contract is its own and not in our OpenAPI file.
    https://docs.allauth.org/en/latest/headless/openapi-specification/ */
const BASE = '/_allauth/browser/v1'

/** Our own: allauth answers with 401 to the end of a session, and browsers report that as an error. */
const SIGN_OUT = '/api/v1/sign-out'

/** The session is a cookie that scripts cannot read. This says that there may be one, so that nobody asks a server that
    could only refuse. */
const HINT = 'jieli.signedIn'

interface Answer {
  status: number
  data?: { user?: { display?: string }; flows?: { id: string; is_pending?: boolean }[] }
  meta?: { is_authenticated?: boolean }
  errors?: { code: string; message: string }[]
  /** Only in a refusal by what stands before allauth, such as the CSRF check */
  code?: string
  detail?: string
}

export type SignIn = 'signed_in' | 'code_needed'

async function call(method: string, path: string, body?: object): Promise<Answer> {
  const headers: Record<string, string> = { Accept: 'application/json', 'X-CSRFToken': csrfToken() }
  if (body) headers['Content-Type'] = 'application/json'
  const response = await fetch(path, {
    method,
    headers,
    credentials: 'same-origin',
    body: body && JSON.stringify(body),
  }).catch(() => {
    throw Problem.offline()
  })
  const answer = (await response.json().catch(() => null)) as Answer | null
  // allauth answers 401 for "one more step"; only an answer that is not its own JSON is a failure of the server
  if (!answer) throw new Problem(response.status, `http_${response.status}`, response.statusText)
  return { ...answer, status: response.status }
}

function outcome(answer: Answer): SignIn {
  if (answer.meta?.is_authenticated) {
    rememberSignIn()
    return 'signed_in'
  }
  if (answer.data?.flows?.some((flow) => flow.id === 'mfa_authenticate' && flow.is_pending)) return 'code_needed'
  const error = answer.errors?.[0]
  const detail = error?.message ?? answer.detail ?? 'Sign-in refused'
  throw new Problem(answer.status, error?.code ?? answer.code ?? 'sign_in_refused', detail, detail)
}

/** Whether this browser signed in and did not sign out; the session itself may have ended since. */
export function mayBeSignedIn(): boolean {
  return localStorage.getItem(HINT) !== null
}

export function rememberSignIn(): void {
  localStorage.setItem(HINT, '1')
}

export function forgetSignIn(): void {
  localStorage.removeItem(HINT)
}

export async function signIn(username: string, password: string): Promise<SignIn> {
  const login = () => call('POST', `${BASE}/auth/login`, { username, password })
  if (!csrfToken()) await call('GET', `${BASE}/config`) // answers with the cookie
  const answer = await login()
  if (answer.status !== 409) return outcome(answer)
  await call('POST', SIGN_OUT) // somebody else's, left behind at this desk
  return outcome(await login())
}

/** Second step, where the account has multi-factor sign-in. */
export async function confirmCode(code: string): Promise<SignIn> {
  return outcome(await call('POST', `${BASE}/auth/2fa/authenticate`, { code }))
}

/** Ends the session; throws a `Problem` where it goes on. */
export async function signOut(): Promise<void> {
  const { status, code = `http_${status}`, detail = '' } = await call('POST', SIGN_OUT)
  if (status !== 200) throw new Problem(status, code, detail || 'Sign-out refused', detail)
  forgetSignIn()
}
