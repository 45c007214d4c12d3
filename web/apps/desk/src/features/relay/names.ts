import { useI18n } from '@jieli/words'
import { useAgents, useQueues } from '../routing/queries'

interface Held {
  kind: string
  id?: string
  name?: string
}

/** Who holds something, and what happens next, in words. The server sends codes; what an operator named keeps its name. */
export function useNames() {
  const { t, te, locale } = useI18n()
  const queues = useQueues()
  const agents = useAgents()

  function kind(holder: Held): string {
    const key = `common.holder.${holder.kind}`
    return te(key) ? t(key) : holder.kind
  }

  /** A queue by its name in the chosen language, a member of staff by theirs; '' for those that need none. */
  function name(holder: Held): string {
    if (holder.kind === 'customer' || holder.kind === 'bot') return ''
    if (holder.kind !== 'queue') return holder.name || (agents.data.value?.find((seat) => seat.agent === holder.id)?.name ?? '')
    const code = holder.id ?? holder.name
    const queue = queues.data.value?.find((known) => known.code === code)
    return (queue && (locale.value === 'en' ? queue.name_en : queue.name_zh)) || code || ''
  }

  function step(next: { code: string; text?: string } | null | undefined): string {
    if (!next?.code) return next?.text ?? ''
    const key = `common.step.${next.code}`
    const words = te(key) ? t(key) : next.code
    return next.text ? `${words} · ${next.text}` : words
  }

  return { kind, name, step, whole: (holder: Held) => [kind(holder), name(holder)].filter(Boolean).join(' · ') }
}
