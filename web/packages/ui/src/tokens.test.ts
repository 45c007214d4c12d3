import { describe, expect, it } from 'vitest'
import css from '../tokens.css?raw'
import { contrast, themeColours } from './contrast'

const surfaces = ['surface', 'raised', 'sunken', 'hover', 'selected', 'ground']
const inks = ['text', 'text-2', 'text-3', 'brand-text', 'bad', 'warn', 'good', 'info', 'bot', 'baton']
const meanings = ['good', 'warn', 'bad', 'info', 'bot', 'note']
const bubbles = ['bubble-in', 'bubble-out', 'bubble-bot', 'note-soft', 'brand-soft']

const pairs: [ink: string, ground: string, atLeast: number][] = [
  ...inks.flatMap((ink) => surfaces.map((ground): [string, string, number] => [ink, ground, 4.5])),
  ...meanings.map((name): [string, string, number] => [name, `${name}-soft`, 4.5]),
  ...bubbles.flatMap((ground): [string, string, number][] => [
    ['text', ground, 4.5],
    ['text-2', ground, 4.5],
    ['text-3', ground, 4.5],
  ]),
  ['brand-text', 'brand-soft', 4.5],
  ['text-inverse', 'brand', 4.5],
  ['text-inverse', 'brand-hover', 4.5],
  ['rail-text', 'rail', 4.5],
  ['rail-strong', 'rail', 4.5],
  ['rail-strong', 'rail-hover', 4.5],
  ['control-line', 'surface', 3],
  ['focus', 'surface', 3],
]

describe.each(['light', 'dark'] as const)('%s theme', (theme) => {
  const colours = themeColours(css, theme)

  it.each(pairs)('%s on %s reaches WCAG AA', (ink, ground, atLeast) => {
    expect(contrast(colours[ink]!, colours[ground]!)).toBeGreaterThanOrEqual(atLeast)
  })

  it('names every colour of the other theme', () => {
    const other = themeColours(css, theme === 'light' ? 'dark' : 'light')
    expect(Object.keys(colours).sort()).toEqual(Object.keys(other).sort())
  })
})
