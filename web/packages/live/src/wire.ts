/** What the realtime hub sends; ids grow, but need not be consecutive for one reader. */
export interface LiveEvent<Data = unknown> {
  readonly id: number
  readonly name: string
  readonly topic: string
  readonly data: Data
}

/** What became of something the page said (`LiveSocket.say`), by the id that the page gave it. */
export interface Answered {
  readonly id: string
  readonly taken: boolean
  /** The row under which it is kept now */
  readonly inbox: string
  /** Why it was refused */
  readonly code: string
  readonly reason: string
}

export type Frame =
  | { kind: 'hello'; eventId: number; resumed: boolean }
  | { kind: 'event'; event: LiveEvent }
  | { kind: 'ping' }
  | { kind: 'pong' }
  | { kind: 'reset' }
  | { kind: 'answer'; answer: Answered }
  | { kind: 'subscribed' }
  | { kind: 'unknown' }

/** Reads one text frame. What it does not know is `unknown`, never an exception: the server may be newer than the page. */
export function readFrame(text: string): Frame {
  let frame: Record<string, unknown>
  try {
    frame = JSON.parse(text) as Record<string, unknown>
  } catch {
    return { kind: 'unknown' }
  }
  if (!frame || typeof frame !== 'object') return { kind: 'unknown' }
  if (frame.type === 'hello') return { kind: 'hello', eventId: Number(frame.event_id ?? 0), resumed: frame.resumed !== false }
  if (frame.type === 'ping' || frame.type === 'pong' || frame.type === 'reset' || frame.type === 'subscribed') return { kind: frame.type }
  if ((frame.type === 'ack' || frame.type === 'refused') && typeof frame.id === 'string') {
    const said = (name: string) => (typeof frame[name] === 'string' ? frame[name] : '')
    return { kind: 'answer', answer: { id: frame.id, taken: frame.type === 'ack', inbox: said('inbox'), code: said('code'), reason: said('reason') } }
  }
  if (typeof frame.id === 'number' && typeof frame.name === 'string') {
    return { kind: 'event', event: { id: frame.id, name: frame.name, topic: String(frame.topic ?? ''), data: frame.data } }
  }
  return { kind: 'unknown' }
}
