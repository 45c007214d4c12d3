import { readFrame, type Answered, type LiveEvent } from './wire'

export type LinkState = 'connecting' | 'live' | 'waiting' | 'closed'

export interface SocketOptions {
  /** Path such as `/ws/desk`, on the page's own host; it may carry a query */
  path: string
  onEvent: (event: LiveEvent) => void
  /** What became of something that was said */
  onAnswer?: (answer: Answered) => void
  onState?: (state: LinkState) => void
  /** The server could not go on from where we were: what is shown must be fetched anew */
  onReset?: () => void
  /** The event id of a snapshot that was taken before: what happened since is told, also before the first greeting */
  since?: number
  open?: (url: string) => WebSocket
  random?: () => number
}

/** Silence after which we ask, and after which we give the line up, in ms. Mobile carriers cut idle lines after ~30 s. */
export const QUIET_MS = 20_000
export const DEAD_MS = 32_000
const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 15_000

/** How long to wait before the n-th try (from 0): doubled each time, spread so that a restart does not meet a herd. */
export function retryDelay(attempt: number, random: number): number {
  const ceiling = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** attempt)
  return Math.round(ceiling * (0.5 + random / 2))
}

/** One live line with resume: after a break it asks for what came after the last event it has seen. */
export class LiveSocket {
  #socket: WebSocket | null = null
  #lastEventId: number | null = null
  #heardOfLast = new Set<string>()
  #topics = new Map<string, number>()
  /** How many times this line was asked to follow or to leave topics, and how many of these were answered, in order */
  #asked = 0
  #answered = 0
  /** Which of the answers says that a topic is heard */
  #heardWith = new Map<string, number>()
  #waiting: { answer: number; go: () => void }[] = []
  #attempt = 0
  #retry: ReturnType<typeof setTimeout> | undefined
  #watch: ReturnType<typeof setTimeout> | undefined
  #closed = false

  constructor(private readonly options: SocketOptions) {
    this.#lastEventId = options.since ?? null
    this.#connect()
  }

  get lastEventId(): number | null {
    return this.#lastEventId
  }

  /** Follow a topic until the returned function is called; kept over reconnects. */
  follow(topic: string): () => void {
    const readers = (this.#topics.get(topic) ?? 0) + 1
    this.#topics.set(topic, readers)
    if (readers === 1) this.#ask('subscribe', [topic])
    return () => {
      const left = (this.#topics.get(topic) ?? 1) - 1
      if (left > 0) return void this.#topics.set(topic, left)
      this.#topics.delete(topic)
      this.#ask('unsubscribe', [topic])
    }
  }

  /** Resolves once whatever happens to a followed topic is told: a snapshot taken after that misses nothing. At once when
      the line is down, for what was missed comes with the next greeting. */
  listening(topic: string): Promise<void> {
    const answer = this.#heardWith.get(topic) ?? 1 // before the greeting: with which all topics are asked for at once
    if (!this.#socket || this.#answered >= answer) return Promise.resolve()
    return new Promise((go) => this.#waiting.push({ answer, go }))
  }

  /** Says something that is answered by its id (`onAnswer`); false when the line is down. */
  say(frame: { type: string; id: string }): boolean {
    return this.#send(frame)
  }

  /** Try at once instead of waiting: the network or the page came back. */
  wake(): void {
    if (this.#closed || this.#socket) return
    clearTimeout(this.#retry)
    this.#connect()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#retry)
    clearTimeout(this.#watch)
    this.#socket?.close()
    this.#socket = null
    this.#forgetLine()
    this.options.onState?.('closed')
  }

  #connect(): void {
    this.options.onState?.('connecting')
    const { protocol, host } = location
    // One event may come in several frames; a line that broke between them asks for that event once more.
    const joint = this.options.path.includes('?') ? '&' : '?'
    const resume = this.#lastEventId === null ? '' : `${joint}last_event_id=${Math.max(0, this.#lastEventId - 1)}${this.#followed()}`
    const url = `${protocol === 'https:' ? 'wss:' : 'ws:'}//${host}${this.options.path}${resume}`
    const socket = (this.options.open ?? ((to) => new WebSocket(to)))(url)
    this.#socket = socket
    socket.onmessage = ({ data }) => this.#heard(socket, String(data))
    socket.onclose = () => this.#lost(socket)
    this.#listen()
  }

  /** What was missed of these is told as well; to follow them only from the greeting on would leave a hole. */
  #followed(): string {
    return this.#topics.size ? `&topics=${encodeURIComponent([...this.#topics.keys()].join(','))}` : ''
  }

  #heard(socket: WebSocket, text: string): void {
    if (socket !== this.#socket) return
    this.#listen()
    const frame = readFrame(text)
    if (frame.kind === 'ping') this.#send({ type: 'pong' })
    if (frame.kind === 'event') this.#pass(frame.event)
    if (frame.kind === 'hello') this.#greeted(frame.eventId, frame.resumed)
    if (frame.kind === 'answer') this.options.onAnswer?.(frame.answer)
    if (frame.kind === 'reset') this.options.onReset?.()
    if (frame.kind === 'subscribed') this.#release(this.#answered + 1)
  }

  #greeted(eventId: number, resumed: boolean): void {
    this.#attempt = 0
    const broken = this.#lastEventId !== null && !resumed
    if (this.#lastEventId === null || broken) this.#lastEventId = eventId
    if (this.#topics.size) this.#ask('subscribe', [...this.#topics.keys()])
    this.options.onState?.('live')
    if (broken) this.options.onReset?.()
  }

  #pass(event: LiveEvent): void {
    const last = this.#lastEventId ?? -1
    if (event.id < last) return
    if (event.id > last) this.#heardOfLast.clear()
    const frame = `${event.topic} ${event.name} ${JSON.stringify(event.data)}`
    if (this.#heardOfLast.has(frame)) return
    this.#heardOfLast.add(frame)
    this.#lastEventId = event.id
    this.options.onEvent(event)
  }

  /** Asks after a while of silence, and hangs up when even that stays without answer. */
  #listen(): void {
    clearTimeout(this.#watch)
    this.#watch = setTimeout(() => {
      this.#send({ type: 'ping' })
      this.#watch = setTimeout(() => this.#lost(this.#socket), DEAD_MS - QUIET_MS)
    }, QUIET_MS)
  }

  #lost(socket: WebSocket | null): void {
    if (this.#closed || socket !== this.#socket) return
    clearTimeout(this.#watch)
    this.#socket = null
    socket?.close()
    this.#forgetLine()
    this.options.onState?.('waiting')
    this.#retry = setTimeout(() => this.#connect(), retryDelay(this.#attempt++, (this.options.random ?? Math.random)()))
  }

  #ask(type: 'subscribe' | 'unsubscribe', topics: string[]): void {
    if (!this.#send({ type, topics })) return
    this.#asked += 1
    topics.forEach((topic) => this.#heardWith.set(topic, this.#asked))
  }

  #release(answered: number): void {
    this.#answered = answered
    const ready = this.#waiting.filter(({ answer }) => answer <= answered)
    this.#waiting = this.#waiting.filter(({ answer }) => answer > answered)
    ready.forEach(({ go }) => go())
  }

  /** The next line begins anew; nobody waits for answers of this one. */
  #forgetLine(): void {
    this.#release(Infinity)
    this.#asked = this.#answered = 0
    this.#heardWith.clear()
  }

  #send(frame: object): boolean {
    if (this.#socket?.readyState !== 1) return false
    this.#socket.send(JSON.stringify(frame))
    return true
  }
}
