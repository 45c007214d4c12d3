import type { Correction, Decision, Me, Message, MessageCorrections } from '@jieli/api'

/** What an agent says of one message; '' where nothing is said. */
export interface Say {
  message: Message
  decision: Decision
  intent: string
  emotion: string
  note: string
}

/** The word that counts for a reader: their own, else the newest. */
export function wordFor(said: MessageCorrections | null | undefined, me: string): Correction | undefined {
  return said?.corrections.find(({ agent }) => agent.id === me) ?? said?.corrections[0]
}

/** What will stand there once the server has it, shown until it answers. */
export function foreseen(before: MessageCorrections | undefined, say: Say, me: Pick<Me, 'id' | 'name'>, at: string): MessageCorrections {
  const { message, decision, intent, emotion } = say
  const found = before ?? {
    message: message.id, conversation: message.conversation, found_intent: decision.intent, found_emotion: decision.emotion,
    found_confidence: decision.confidence, model: decision.model, corrections: [],
  }
  const right = (!intent || intent === found.found_intent) && (!emotion || emotion === found.found_emotion)
  const own: Correction = { id: `foreseen-${message.id}`, agent: { id: me.id, name: me.name }, intent, emotion, right, state: right ? 'confirmed' : 'waiting', at }
  return { ...found, corrections: [own, ...found.corrections.filter(({ agent }) => agent.id !== me.id)] }
}

/** Whether there is anything new to say. */
export function isNews(say: { intent: string; emotion: string; note: string }, mine: Correction | undefined): boolean {
  if (!say.intent && !say.emotion) return false
  return mine === undefined || say.note.trim() !== '' || say.intent !== mine.intent || say.emotion !== mine.emotion
}
