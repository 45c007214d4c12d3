import type { ShadowExample, ShadowPair, ShadowReport } from '@jieli/api'

export function samePair(a: ShadowPair, b: ShadowPair): boolean {
  return a.kind === b.kind && a.live === b.live && a.candidate === b.candidate
}

function shows(one: ShadowExample, { kind, live, candidate }: ShadowPair): boolean {
  if (kind === 'emotion') return one.live_emotion === live && one.candidate_emotion === candidate
  return one.live_intent === live && one.candidate_intent === candidate
}

/** The turns behind a pair, or all that differ. */
export function examplesOf({ examples }: Pick<ShadowReport, 'examples'>, pair: ShadowPair | null): ShadowExample[] {
  return pair ? examples.filter((one) => shows(one, pair)) : examples
}
