import { describe, expect, it } from 'vitest'
import { answer, matter, mine } from './fixtures'
import { choicesOf, linesOf, passings, withoutChoices } from './lines'
import { written } from './outbox'

const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 2, minute)).toISOString()
const turn = (minute: number, holder: 'bot' | 'queue' | 'agent' | 'customer', holder_name = '') => ({ at: at(minute), holder, holder_name, until: null })
const kinds = (lines: ReturnType<typeof linesOf>) => lines.map((line) => line.kind).join(' ')

describe('hand-overs in the thread', () => {
  it('are those to a queue or a person, not the turns of the talk', () => {
    const history = [turn(0, 'bot'), turn(1, 'customer'), turn(2, 'queue'), turn(3, 'queue'), turn(4, 'agent', '许晴'), turn(5, 'customer'), turn(6, 'agent', '许晴')]
    expect(passings([matter('a', { history })]).map(({ holder, name }) => holder + name)).toEqual(['queue', 'agent许晴'])
  })

  it('are told again when the bot had it in between', () => {
    const history = [turn(0, 'queue'), turn(1, 'bot'), turn(2, 'queue')]
    expect(passings([matter('a', { history })])).toHaveLength(2)
  })

  it('are those of conversations only', () => {
    expect(passings([matter('a', { kind: 'ticket', history: [turn(0, 'agent', '许晴')] })])).toEqual([])
  })
})

describe('the lines', () => {
  const passed = passings([matter('a', { history: [turn(2, 'queue'), turn(9, 'agent', '许晴')] })])

  it('stand in the order things happened, and what is on its way last', () => {
    const pending = written([], 'p', '好', 0, '')
    expect(kinds(linesOf([mine(1), answer(3)], passed, pending))).toBe('day message passing message passing pending')
  })

  it('let the bot finish what it says about handing over', () => {
    const said = answer(2, { at: new Date(Date.parse(at(2)) + 900).toISOString() })
    expect(kinds(linesOf([mine(1), said, answer(3)], passed, []))).toBe('day message message passing message passing')
  })

  it('leave out hand-overs from before the oldest message that is loaded', () => {
    expect(kinds(linesOf([mine(5)], passed, [], true))).toBe('day message passing')
  })

  it('begin a new group where somebody else speaks, another day begins, or the baton passed', () => {
    const lines = linesOf([answer(0), answer(1), answer(3), mine(4)], passed, [])
    expect(lines.flatMap((line) => (line.kind === 'message' ? [line.first] : []))).toEqual([true, false, true, true])
    expect(lines.flatMap((line) => (line.kind === 'message' ? [line.last] : []))).toEqual([false, true, true, true])
  })
})

describe('choices', () => {
  const offer = answer(2, { content: { choices: ['退货', '换货', 3] } })

  it('are offered until something is said', () => {
    expect(choicesOf([mine(1), offer], [])).toEqual(['退货', '换货'])
    expect(choicesOf([offer, mine(3)], [])).toEqual([])
    expect(choicesOf([offer], written([], 'p', '退货', 0, ''))).toEqual([])
    expect(choicesOf([], [])).toEqual([])
    expect(choicesOf([answer(1)], [])).toEqual([])
  })

  it('are listed once: in the text, or as buttons', () => {
    expect(withoutChoices('选哪个？\n1. 退货\n2. 换货\n3. 别的', ['退货', '换货'])).toBe('选哪个？\n3. 别的')
    expect(withoutChoices('1. 退货', [])).toBe('1. 退货')
  })
})
