import { describe, expect, it } from 'vitest'
import type { Words } from './index'

const files = import.meta.glob<Words>('./{zh-CN,en}/*.json', { eager: true, import: 'default' })
const sources = import.meta.glob<string>('../../../{apps,packages}/*/src/**/*.{ts,vue}', { eager: true, query: '?raw', import: 'default' })

function flat(words: Words, prefix: string): [string, string][] {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'string' ? [[`${prefix}${key}`, value] as [string, string]] : flat(value, `${prefix}${key}.`),
  )
}

function wordsOf(locale: string): Map<string, string> {
  const own = Object.entries(files).filter(([path]) => path.startsWith(`./${locale}/`))
  return new Map(own.flatMap(([path, words]) => flat(words, `${path.split('/').at(-1)!.replace('.json', '')}.`)))
}

const [zh, en] = [wordsOf('zh-CN'), wordsOf('en')]
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort()
/** Words that are asked for by codes of the server; `jieli/bot` and `jieli/conversations` test that they are said. */
const TOLD = ['told.', 'common.passed.', 'common.maker.']
const code = Object.entries(sources).filter(([path]) => !path.endsWith('.test.ts'))

describe('the words', () => {
  it('are complete in both languages', () => {
    expect([...zh.keys()].filter((key) => !en.has(key))).toEqual([])
    expect([...en.keys()].filter((key) => !zh.has(key))).toEqual([])
  })

  it('are never empty', () => {
    expect([...zh, ...en].filter(([, text]) => !text.trim())).toEqual([])
  })

  it('have the same placeholders in both languages', () => {
    const differing = [...zh].filter(([key, text]) => `${placeholders(text)}` !== `${placeholders(en.get(key) ?? '')}`)
    expect(differing).toEqual([])
  })

  it('leave no Chinese in the English ones', () => {
    expect([...en].filter(([, text]) => /\p{Script=Han}/u.test(text))).toEqual([])
  })

  it('hold every key that a screen asks for', () => {
    const asked = code.flatMap(([path, text]) =>
      [...text.matchAll(/\b(?:t|te)\(\s*'((?:common|desk|phone|widget|told)\.[\w.]+)'/g)].map((found) => ({ path, key: found[1]! })),
    )
    expect(asked.length).toBeGreaterThan(10)
    expect(asked.filter(({ key }) => !zh.has(key))).toEqual([])
  })

  it('are all used', () => {
    const all = code.map(([, text]) => text).join('\n')
    const families = [...all.matchAll(/`((?:common|desk|phone|widget)\.[\w.]*\.)\$\{/g)].map((found) => found[1]!)
    const known = [...TOLD, ...families]
    const unused = [...zh.keys()].filter((key) => !all.includes(`'${key}'`) && !known.some((family) => key.startsWith(family)))
    expect(unused).toEqual([])
  })

  it('are not written into the screens', () => {
    const templates = code.filter(([path]) => path.endsWith('.vue'))
    expect(templates.filter(([, text]) => /\p{Script=Han}/u.test(text)).map(([path]) => path)).toEqual([])
  })
})
