import { useMatters, usePromises } from '@jieli/customer'
import { computed } from 'vue'

/** What waits behind each tab: matters that wait for the customer, promises not kept in time. */
export function useMarks() {
  const { matters } = useMatters()
  const { promises } = usePromises()
  return computed<Record<string, number>>(() => ({
    matters: (matters.value ?? []).filter(({ open, holder, kind }) => open && holder === 'customer' && kind !== 'conversation').length,
    promises: (promises.value ?? []).filter(({ state }) => state === 'broken').length,
  }))
}
