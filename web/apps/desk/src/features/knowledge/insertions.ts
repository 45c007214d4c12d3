type Insert = (text: string) => void

/** From what offers words (a suggested answer, an article) to the one composer that is open. */
let target: Insert | null = null

export const insertions = {
  listen(insert: Insert): () => void {
    target = insert
    return () => {
      if (target === insert) target = null
    }
  },
  insert(text: string): void {
    target?.(text)
  },
}
