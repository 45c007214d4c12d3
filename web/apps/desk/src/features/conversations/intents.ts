type Translate = (key: string) => string
type Exists = (key: string) => boolean

/** Operations may add intents of their own; those are shown by their code. */
export function intentWords(intent: string, t: Translate, te: Exists): string {
  const key = `common.intent.${intent}`
  return te(key) ? t(key) : intent
}
