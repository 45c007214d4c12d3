import { uuid } from '@jieli/api'
import type { Answered } from '@jieli/live'
import { shallowRef, watch, type Ref } from 'vue'
import * as rules from './outbox'
import type { Outbox } from './outbox'

export interface Sending {
  readonly pending: Readonly<Ref<Outbox>>
  /** Rows that were shown in the place of a pending message */
  readonly done: ReadonlySet<string>
  write(text: string, after: string): void
  answered(answer: Answered): void
  lineUp(): void
  lineLost(): void
  retry(id: string): void
  discard(id: string): void
  stop(): void
}

const LOOK_EVERY_MS = 2_000

export const outboxOf = (channel: string) => `jieli.outbox.${channel}`

/** Keeps what was written until the thread shows it, over reloads, and says it as often as needed, under one id. */
export function createSending(channel: string, say: (id: string, text: string) => boolean): Sending {
  const kept = outboxOf(channel)
  const pending = shallowRef<Outbox>(rules.restored(sessionStorage.getItem(kept)))
  const done = new Set<string>()
  watch(pending, (outbox) => sessionStorage.setItem(kept, JSON.stringify(outbox)))

  function flush(): void {
    for (const { id, text } of rules.due(pending.value)) {
      if (!say(id, text)) return
      pending.value = rules.said(pending.value, id, Date.now())
    }
  }

  function look(): void {
    if (!pending.value.some(({ state }) => state === 'sent')) return
    pending.value = rules.overdue(pending.value, Date.now())
    flush()
  }

  const timer = setInterval(look, LOOK_EVERY_MS)
  return {
    pending,
    done,
    write(text, after) {
      pending.value = rules.written(pending.value, uuid(), text, Date.now(), after)
      flush()
    },
    answered: (answer) => (pending.value = rules.answered(pending.value, answer)),
    lineUp: flush,
    lineLost: () => (pending.value = rules.lineLost(pending.value)),
    retry(id) {
      pending.value = rules.retried(pending.value, id)
      flush()
    },
    discard(id) {
      const inbox = pending.value.find((one) => one.id === id)?.inbox
      if (inbox) done.add(inbox)
      pending.value = rules.discarded(pending.value, id)
    },
    stop: () => clearInterval(timer),
  }
}
