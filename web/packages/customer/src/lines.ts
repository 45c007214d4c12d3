import type { MatterStatus, Message } from '@jieli/api'
import type { Pending } from './outbox'

/** The baton passed: from here on somebody else has the matter. */
export interface Passing {
  readonly key: string
  readonly at: string
  readonly holder: string
  readonly name: string
}

export type Line =
  | { kind: 'day'; key: string; at: string }
  | { kind: 'passing'; key: string; passing: Passing }
  | { kind: 'message'; key: string; message: Message; first: boolean; last: boolean }
  | { kind: 'pending'; key: string; pending: Pending }

/** The bot says that it hands over in the moment in which it does; its words are read first. */
const SAME_MOMENT_MS = 3_000
const TOLD = new Set(['queue', 'agent', 'expert', 'engineer', 'supplier'])

/** The hand-overs of my conversations that are worth a line: to another person or queue, not the turns of the talk. */
export function passings(matters: readonly MatterStatus[]): Passing[] {
  return matters
    .filter(({ kind }) => kind === 'conversation')
    .flatMap(({ id, history = [] }) => {
      let last = ''
      return history.flatMap(({ at, holder, holder_name }, turn) => {
        const now = `${holder} ${holder_name}`
        if (!TOLD.has(holder)) {
          if (holder === 'bot') last = ''
          return []
        }
        if (now === last) return []
        last = now
        return [{ key: `${id} ${turn}`, at, holder, name: holder_name }]
      })
    })
}

/** The thread as it is read: days, messages, hand-overs where they happened, and what is still on its way. */
export function linesOf(messages: readonly Message[], passed: readonly Passing[], pending: readonly Pending[], open = false): Line[] {
  const lines: Line[] = []
  const since = open ? messages[0]?.at : undefined
  const waiting = passed.filter(({ at }) => !since || at >= since).sort((a, b) => a.at.localeCompare(b.at))
  let day = ''
  let author = ''
  const until = (at: number) => {
    while (waiting[0] && Date.parse(waiting[0].at) <= at) {
      const passing = waiting.shift()!
      lines.push({ kind: 'passing', key: passing.key, passing })
      author = ''
    }
  }
  for (const message of messages) {
    until(Date.parse(message.at) - (message.author.kind === 'bot' ? SAME_MOMENT_MS : 0))
    const today = new Date(message.at).toDateString()
    if (today !== day) lines.push({ kind: 'day', key: today, at: message.at })
    const by = `${message.direction} ${message.author.kind} ${message.author.name}`
    lines.push({ kind: 'message', key: message.id, message, first: today !== day || by !== author, last: true })
    const before = lines.at(-2)
    if (before?.kind === 'message' && by === author) before.last = false
    day = today
    author = by
  }
  until(Infinity)
  return [...lines, ...pending.map((one): Line => ({ kind: 'pending', key: one.id, pending: one }))]
}

/** What the bot offers to choose from, as long as nothing was said since. */
export function choicesOf(messages: readonly Message[], pending: readonly Pending[]): readonly string[] {
  const offered = messages.at(-1)?.content.choices
  if (pending.length || messages.at(-1)?.direction !== 'out' || !Array.isArray(offered)) return []
  return offered.filter((choice): choice is string => typeof choice === 'string')
}

/** The text without the choices it lists, for where they stand below it as buttons. */
export function withoutChoices(text: string, choices: readonly string[]): string {
  const listed = new Set(choices.map((choice, at) => `${at + 1}. ${choice}`))
  return text
    .split('\n')
    .filter((line) => !listed.has(line.trim()))
    .join('\n')
}
