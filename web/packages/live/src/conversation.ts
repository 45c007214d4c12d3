import type { Card, Conversation } from '@jieli/api'
import type { Reducer } from './snapshot'

/** Reducer of the opened conversation: a card carries part of it, and the rest stays as fetched. */
export function conversationOf(id: string): Reducer<Conversation> {
  return (conversation, event) => {
    if (event.name !== 'conversation.changed') return conversation
    const card = event.data as Card
    return card.id === id ? { ...conversation, ...card } : conversation
  }
}
