import { Problem } from '@jieli/api'
import { ElMessage } from 'element-plus'
import { i18n } from './i18n'

/** What to tell a person about a failure. Where a code has no words of ours, the server's stand. */
export function problemWords(error: unknown): string {
  const { t, te } = i18n.global
  if (!(error instanceof Problem)) return t('common.problem.unexpected', { detail: String(error) })
  if (error.code === 'offline') return t('common.problem.offline')
  if (error.code === 'not_signed_in') return t('common.problem.signedOut')
  const known = `common.problem.code.${error.code}`
  if (te(known)) return t(known)
  return error.detail || t('common.problem.unexpected', { detail: error.title || error.code })
}

export function tellProblem(error: unknown): void {
  ElMessage({ type: 'error', message: problemWords(error), grouping: true, showClose: true, duration: 6_000 })
}

export function tellDone(message: string): void {
  ElMessage({ type: 'success', message, duration: 2_400 })
}

/** Something came to this agent; said once for many, and read out by screen readers. */
export function tellNews(message: string): void {
  ElMessage({ type: 'info', message, grouping: true, duration: 4_000 })
}

/** Something went wrong by itself, and people must look; stays until somebody closes it. */
export function tellAlarm(message: string): void {
  ElMessage({ type: 'warning', message, grouping: true, showClose: true, duration: 0 })
}
