import { intentWords } from './intents'

type Translate = (key: string, values?: Record<string, unknown>) => string
type Exists = (key: string) => boolean

/** What a finding within a reason is called: the first of these that has words. */
const FOUND: Record<string, (found: string) => string[]> = {
  emotion: (found) => [`common.emotion.${found}`],
  fact: (found) => [`told.what.${found}`],
  unknown: (found) => [`told.what.${found}`],
  unknown_because: (found) => [`desk.because.${found}`],
  missing: (found) => [`told.given.${found}`],
  answers: (found) => [`told.given.${found}`],
  media: (found) => [`told.media.${found}`],
  hand_over: (found) => [`desk.why.${found}`],
  gate: (found) => [`desk.gate.${found}`],
  end: (found) => [`desk.pathEnd.${found}`],
}

/** A reason is a code, or a code with what was found: `intent:track`, `article:returns`, `threat:投诉`. What has no words
 * is shown as it is. */
export function reasonWords(reason: string, t: Translate, te: Exists): string {
  const [what = '', found = ''] = reason.split(/:(.*)/s)
  if (what === 'intent' || (what === 'wording' && found)) return `${t(`desk.found.${what}`)} · ${intentWords(found, t, te)}`
  if (!found || !te(`desk.found.${what}`)) return te(`desk.reason.${what}`) ? [t(`desk.reason.${what}`), found].filter(Boolean).join(' · ') : reason.replaceAll('_', ' ')
  const key = FOUND[what]?.(found).find(te)
  return `${t(`desk.found.${what}`)} · ${key ? t(key) : found}`
}

/** Why a baton was passed: codes of the machine, or the words of a person. */
export function whyWords(why: string, t: Translate, te: Exists): string {
  if (te(`desk.why.${why}`)) return t(`desk.why.${why}`)
  const [what = '', found = ''] = why.split(/: ?(.*)/s)
  if (te(`desk.why.${what}`)) return [t(`desk.why.${what}`), found && whyWords(found, t, te)].filter(Boolean).join(' · ')
  return te(`desk.found.${what}`) || te(`desk.reason.${what}`) ? reasonWords(why, t, te) : why
}
