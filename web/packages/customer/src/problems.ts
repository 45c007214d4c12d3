import { Problem } from '@jieli/api'
import { useI18n } from '@jieli/words'

/** What to tell the customer about a failure: what the server said where it is meant for them, else what to do. */
export function useProblemWords(): (error: unknown) => string {
  const { t } = useI18n()
  return (error) => {
    if (!(error instanceof Problem)) return t('phone.troubled')
    if (error.code === 'offline') return t('common.problem.offline')
    return (!error.transient && error.detail) || t('phone.troubled')
  }
}
