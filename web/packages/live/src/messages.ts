import type { Message } from '@jieli/api'
import type { Reducer } from './snapshot'

/** What is known of a thread, oldest first, and whether there is more before it. */
export interface Thread {
  readonly items: readonly Message[]
  readonly before: number | null
}

/** Puts a message in its place by sequence; one that is known (same id) is replaced. */
export function withMessage(thread: Thread, message: Message): Thread {
  const rest = thread.items.filter((item) => item.id !== message.id)
  const at = rest.findLastIndex((item) => item.seq < message.seq) + 1
  return { ...thread, items: [...rest.slice(0, at), message, ...rest.slice(at)] }
}

/** Reducer of one conversation's thread. */
export function threadOf(conversation: string): Reducer<Thread> {
  return (thread, event) => {
    if (event.name !== 'message.added' && event.name !== 'message.changed') return thread
    const message = event.data as Message
    return message.conversation === conversation ? withMessage(thread, message) : thread
  }
}
