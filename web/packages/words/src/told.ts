import { useI18n } from 'vue-i18n'
import { timeWords } from './time'

/** One sentence as a code and what stands in it (`relay.contracts.Told`). */
export interface Told {
  code: string
  slots?: Record<string, unknown>
}

/** The bot's own words, then those of the apps. */
const FAMILIES = ['told', 'common'] as const

type Translate = (key: string, values?: Record<string, unknown>) => string

/** What stands in the thread's short lines for a thing without words (`conversations.policy`). */
const THINGS: Record<string, string> = {
  图片: 'image', 语音: 'voice', 视频: 'video', 链接: 'link', 位置: 'location', 卡片: 'card', 文件: 'file', 事件: 'event', 来电: 'call',
}

/** A short line as it was said; a picture, a voice, a call by its name in the reader's language. */
export function lineWords(line: string, t: Translate, te: (key: string) => boolean): string {
  const kind = THINGS[/^\[(.+)\]$/.exec(line)?.[1] ?? '']
  return kind && te(`desk.type.${kind}`) ? `[${t(`desk.type.${kind}`)}]` : line
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** Sentences from their codes, in the reader's language. */
export function toldWords(locale: string, t: Translate, te: (key: string) => boolean, now = Date.now()) {
  const time = timeWords(locale, t)
  const english = locale === 'en'
  const JOINS: Record<string, string> = { names: english ? ', ' : '、', details: english ? '; ' : '，', sentences: english ? ' ' : '' }

  /** A code without words is one that operations made up: it is shown by its name. */
  function sentence({ code, slots }: Told): string {
    const key = FAMILIES.map((family) => `${family}.${code}`).find(te)
    const values = Object.fromEntries(Object.entries(slots ?? {}).map(([name, one]) => [name, slot(one)]))
    return key ? t(key, values) : [code.split('.').at(-1), ...Object.values(values)].join(' ')
  }

  function slot(value: unknown): string {
    if (!isRecord(value)) return lineWords(String(value ?? ''), t, te)
    if (typeof value.code === 'string') return sentence(value as unknown as Told)
    if (typeof value.at === 'string') return time.at(value.at, now)
    if (typeof value.ago === 'string') return time.ago(value.ago, now)
    if (Array.isArray(value.list)) return value.list.map(slot).join(JOINS[String(value.by)] ?? JOINS.names)
    return String((english ? value.en : value.zh) ?? '')
  }

  return {
    /** Sentences behind each other. */
    tell: (told: readonly Told[]): string => told.map(sentence).join(JOINS.sentences),
    /** A sentence a line; `text` where Jieli has no codes for it (written by a person, or before there were codes). */
    lines: (told: readonly Told[] | undefined, text = ''): string => (told?.length ? told.map(sentence).join('\n') : text),
    one: (told: Told | null | undefined, text = ''): string => (told ? sentence(told) : text),
  }
}

/** What an answer rests on (`bot.contracts.Source`); facts are named by what they are, all else by its own title. */
interface Cited {
  kind?: string
  ref?: string
  title?: string
}

/** What was told, in the language that is chosen now. */
export function useTold() {
  const { t, te, locale } = useI18n()
  const words = () => toldWords(locale.value, t as Translate, te)

  function cited({ kind, ref = '', title = '' }: Cited): string {
    const [what, key = ''] = ref.split(/:(.*)/s)
    if ((kind !== 'fact' && kind !== 'asked') || !te(`told.what.${what}`)) return title || ref
    return [t(`told.what.${what}`), key === 'unknown' ? '' : key].filter(Boolean).join(' ')
  }

  return {
    cited,
    tell: (told: readonly Told[]) => words().tell(told),
    lines: (told: readonly Told[] | undefined, text?: string) => words().lines(told, text),
    one: (told: Told | null | undefined, text?: string) => words().one(told, text),
  }
}
