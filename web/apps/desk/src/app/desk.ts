import { defineStore } from 'pinia'
import { ref, watch, type Ref } from 'vue'

/** A value that this browser remembers; in `sessionStorage` what is the agent's and not the desk's. */
function remembered<T>(name: string, first: T, store: Storage = localStorage): Ref<T> {
  const key = `jieli.desk.${name}`
  const stored = store.getItem(key)
  const value = ref(stored === null ? first : (JSON.parse(stored) as T)) as Ref<T>
  watch(value, (next) => store.setItem(key, JSON.stringify(next)), { deep: true })
  return value
}

export type Dialog = 'hand-over' | 'ticket' | 'close' | 'promise' | 'palette' | 'keys' | null

/** How this desk is arranged, what is open on it, and what is half written. */
export const useDesk = defineStore('desk', () => {
  const listOpen = remembered('list', true)
  const contextOpen = remembered('context', true)
  const folded = remembered<Record<string, boolean>>('folded', {})
  const drafts = remembered<Record<string, string>>('drafts', {}, sessionStorage)
  const dialog = ref<Dialog>(null)
  /** The message whose finding is being corrected */
  const correcting = ref<string | null>(null)
  return { listOpen, contextOpen, folded, drafts, dialog, correcting }
})
