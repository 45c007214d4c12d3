import type { View } from '@jieli/api'

/** Names of what the cache holds. The first word says which live events concern it (`live.ts`). */
export const keys = {
  me: ['me'] as const,
  seat: ['seat'] as const,
  counts: ['counts'] as const,
  cards: (view: View) => ['cards', view] as const,
  conversation: (id: string) => ['conversation', id] as const,
  thread: (id: string) => ['thread', id] as const,
  handovers: (id: string) => ['handovers', id] as const,
  context: (person: string) => ['context', person] as const,
  suggestion: (id: string, asked: string) => ['suggestion', id, asked] as const,
  journey: (person: string) => ['journey', person] as const,
  tickets: ['tickets'] as const,
  promises: ['promises'] as const,
  calls: ['calls'] as const,
  queues: ['queues'] as const,
  agents: ['agents'] as const,
  articles: (q: string, intents: readonly string[]) => ['articles', q, ...intents] as const,
  replies: (q: string, intents: readonly string[]) => ['replies', q, ...intents] as const,
}
