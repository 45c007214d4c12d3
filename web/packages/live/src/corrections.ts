import type { MessageCorrections } from '@jieli/api'
import type { Reducer } from './snapshot'

/** Puts what was said of one message in the place of what was said before; newest messages stay first. */
export function withCorrections(all: readonly MessageCorrections[], one: MessageCorrections): readonly MessageCorrections[] {
  const known = all.some(({ message }) => message === one.message)
  return known ? all.map((other) => (other.message === one.message ? one : other)) : [one, ...all]
}

/** Reducer of what colleagues said of the model's findings in one conversation. */
export function correctionsOf(conversation: string): Reducer<readonly MessageCorrections[]> {
  return (all, event) => {
    if (event.name !== 'message.corrected') return all
    const one = event.data as MessageCorrections
    return one.conversation === conversation ? withCorrections(all, one) : all
  }
}
