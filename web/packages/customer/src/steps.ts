import type { MatterStatus } from '@jieli/api'
import { useI18n } from '@jieli/words'

/** What staff call by codes, in the customer's words. */
export function useMatterWords() {
  const { t, te } = useI18n()

  function holder(kind: string): string {
    const key = `phone.holder.${kind}`
    return te(key) ? t(key) : kind
  }
  /** A step that the page has no words for is not shown as a code. */
  function step(code: string): string {
    const key = `phone.step.${code}`
    return te(key) ? t(key) : t('phone.stepOther')
  }
  function title(matter: MatterStatus): string {
    return matter.title || t(`phone.matter.kind.${matter.kind}`)
  }
  return { holder, step, title }
}
