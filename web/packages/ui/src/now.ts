import { onScopeDispose, readonly, ref, type Ref } from 'vue'

const now = ref(Date.now())
let readers = 0
let timer: ReturnType<typeof setInterval> | undefined

/** The time in ms, moving once a second while anyone looks: one timer for all clocks of a page. */
export function useNow(): Readonly<Ref<number>> {
  if (readers++ === 0) {
    now.value = Date.now()
    timer = setInterval(() => (now.value = Date.now()), 1_000)
  }
  onScopeDispose(() => {
    if (--readers === 0) clearInterval(timer)
  })
  return readonly(now)
}
