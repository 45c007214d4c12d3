import type { Decision } from '@jieli/api'
import type { InjectionKey, Ref } from 'vue'
import { intentWords } from './intents'

/** Titles of what the thread quotes, by slug: a reason names an article by its slug alone. */
export const TITLES: InjectionKey<Readonly<Ref<ReadonlyMap<string, string>>>> = Symbol('titles')

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
  event: (found) => [`desk.inbound.${found}`],
  rejected: (found) => [`desk.reason.${found}`],
}

/** Found by a key of the machine that tells people nothing. */
const UNTOLD = new Set(['session', 'step', 'reception_failed'])

/** A reason is a code, or a code with what was found: `intent:track`, `article:returns`, `threat:投诉`. Articles and paths have
 * their titles from `titles`, by slug. What has no words is shown as it is. */
export function reasonWords(reason: string, t: Translate, te: Exists, titles?: ReadonlyMap<string, string>): string {
  const [what = '', found = ''] = reason.split(/:(.*)/s)
  if (UNTOLD.has(what) && found) return t(te(`desk.found.${what}`) ? `desk.found.${what}` : `desk.reason.${what}`)
  if (what === 'intent' || (what === 'wording' && found)) return `${t(`desk.found.${what}`)} · ${intentWords(found, t, te)}`
  if (!found || !te(`desk.found.${what}`)) return te(`desk.reason.${what}`) ? [t(`desk.reason.${what}`), found].filter(Boolean).join(' · ') : reason.replaceAll('_', ' ')
  const key = FOUND[what]?.(found).find(te)
  return `${t(`desk.found.${what}`)} · ${key ? t(key) : (titles?.get(found) ?? found)}`
}

/** The reasons in words; what stands above them already is not said again. */
export function toldReasons({ reasons, intent, emotion }: Pick<Decision, 'reasons' | 'intent' | 'emotion'>, t: Translate, te: Exists, titles?: ReadonlyMap<string, string>): string[] {
  const said = new Set([`intent:${intent}`, `emotion:${emotion}`, 'further_intent'])
  const news = reasons.filter((reason) => !said.has(reason))
  const lines = (news.length ? news : reasons).map((reason) => reasonWords(reason, t, te, titles))
  return lines.filter((line) => !lines.some((other) => other.endsWith(` · ${line}`)))
}

/** Why a baton was passed: codes of the machine, or the words of a person. */
export function whyWords(why: string, t: Translate, te: Exists): string {
  if (te(`desk.why.${why}`)) return t(`desk.why.${why}`)
  const [what = '', found = ''] = why.split(/: ?(.*)/s)
  if (te(`desk.why.${what}`)) return [t(`desk.why.${what}`), found && whyWords(found, t, te)].filter(Boolean).join(' · ')
  return te(`desk.found.${what}`) || te(`desk.reason.${what}`) ? reasonWords(why, t, te) : why
}
