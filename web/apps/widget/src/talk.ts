import type { Identity } from '@jieli/customer'

/** What the page and the frame tell each other (`postMessage`). The frame learns the page's origin from its first word. */
export type FromFrame = { jieli: 'unread'; n: number } | { jieli: 'close' }
export type ToFrame = { jieli: 'shown'; shown: boolean } | { jieli: 'identify'; identity: Identity }

export function readFromFrame(data: unknown): FromFrame | undefined {
  const word = data as Partial<FromFrame> | null
  if (word?.jieli === 'close') return { jieli: 'close' }
  if (word?.jieli === 'unread' && Number.isInteger((word as { n?: unknown }).n)) return { jieli: 'unread', n: Math.max(0, (word as { n: number }).n) }
  return undefined
}

export function readToFrame(data: unknown): ToFrame | undefined {
  const word = data as { jieli?: unknown; shown?: unknown; identity?: unknown } | null
  if (word?.jieli === 'shown' && typeof word.shown === 'boolean') return { jieli: 'shown', shown: word.shown }
  const identity = word?.jieli === 'identify' ? readIdentity(word.identity) : undefined
  return identity && { jieli: 'identify', identity }
}

/** What a site may say of its user: an account and its proof, and perhaps a name. */
export function readIdentity(data: unknown): Identity | undefined {
  const { account, hash, name = '' } = (data ?? {}) as Partial<Record<keyof Identity, unknown>>
  if (typeof account !== 'string' || typeof hash !== 'string' || typeof name !== 'string') return undefined
  return account && hash ? { account, hash, name } : undefined
}
