import type { ComparedFigure } from '@jieli/api'

type Translate = (key: string) => string
type Exists = (key: string) => boolean

/** Figures in the order of their weight; others follow as they come. */
const ORDER = ['intent.accuracy', 'intent.macro_f1', 'intent.accuracy_at_60', 'intent.ece', 'emotion.macro_f1', 'emotion.recall.angry', 'emotion.recall.anxious', 'emotion.recall.pleased', 'emotion.recall.calm']
/** Errors: less of them is better. */
const LESS = new Set(['intent.ece'])
/** A change this small is noise on the frozen talks. */
const NOISE = 0.005

export type Verdict = 'better' | 'worse' | 'same' | 'unknown'

export function figureName(name: string, t: Translate, te: Exists): string {
  const key = `desk.learning.figure.${name.replaceAll('.', '_')}`
  return te(key) ? t(key) : name
}

function weight(name: string): number {
  const at = ORDER.indexOf(name)
  return at < 0 ? ORDER.length : at
}

export function inOrder<T extends { name: string }>(figures: readonly T[]): T[] {
  return figures.toSorted((a, b) => weight(a.name) - weight(b.name))
}

export function verdictOf({ name, change }: Pick<ComparedFigure, 'name' | 'change'>): Verdict {
  if (change === null) return 'unknown'
  if (Math.abs(change) < NOISE) return 'same'
  return change > 0 === !LESS.has(name) ? 'better' : 'worse'
}

/** 0.7412 → 74.1%; an error is a figure of its own. */
export function shown(name: string, value: number): string {
  return LESS.has(name) ? value.toFixed(3) : `${(value * 100).toFixed(1)}%`
}

/** +1.2 in points of a hundred, with its sign. */
export function shownChange(name: string, change: number): string {
  const sign = change > 0 ? '+' : change < 0 ? '−' : '±'
  return `${sign}${LESS.has(name) ? Math.abs(change).toFixed(3) : Math.abs(change * 100).toFixed(1)}`
}

/** Enough to tell versions apart at a glance: averaging-2-ab12cd34ef → ab12cd34ef. */
export function shortVersion(version: string): string {
  return version.split('-').at(-1) ?? version
}
