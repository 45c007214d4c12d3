import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'

type Translate = (key: string, values?: Record<string, unknown>) => string

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** A length of time in at most two units, rounded down: "3 分", "2 小时 5 分". */
export function spanWords(ms: number, t: Translate): string {
  const length = Math.abs(ms)
  if (length < MINUTE) return t('common.span.second', { n: Math.floor(length / SECOND) })
  if (length < HOUR) return t('common.span.minute', { n: Math.floor(length / MINUTE) })
  if (length < DAY) {
    const [h, m] = [Math.floor(length / HOUR), Math.floor((length % HOUR) / MINUTE)]
    return m && h < 10 ? t('common.span.hourMinute', { h, m }) : t('common.span.hour', { n: h })
  }
  const [d, h] = [Math.floor(length / DAY), Math.floor((length % DAY) / HOUR)]
  return h && d < 3 ? t('common.span.dayHour', { d, h }) : t('common.span.day', { n: d })
}

function sameDay(a: Date, b: Date): boolean {
  return a.toDateString() === b.toDateString()
}

export interface TimeWords {
  /** 14:05 today, "3月1日 14:05" on other days, with the year in other years */
  at(iso: string, now?: number): string
  /** 14:05 */
  clock(iso: string): string
  /** 3月1日 星期日 */
  day(iso: string): string
  /** 刚刚, 5 分前, then a date */
  ago(iso: string, now: number): string
  span(ms: number): string
}

export function timeWords(locale: string, t: Translate): TimeWords {
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { hour12: false, ...options })
  const clock = format({ hour: '2-digit', minute: '2-digit' })
  const dayClock = format({ month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' })
  const full = format({ year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' })
  const day = format({ month: 'long', day: 'numeric', weekday: 'short' })

  const at = (iso: string, now = Date.now()): string => {
    const [then, today] = [new Date(iso), new Date(now)]
    if (sameDay(then, today)) return clock.format(then)
    return (then.getFullYear() === today.getFullYear() ? dayClock : full).format(then)
  }
  const ago = (iso: string, now: number): string => {
    const then = new Date(iso)
    const passed = now - then.getTime()
    if (passed < MINUTE) return t('common.ago.now')
    if (passed < 6 * HOUR) return t('common.ago.past', { span: spanWords(passed, t) })
    if (sameDay(then, new Date(now - DAY))) return t('common.ago.yesterday', { time: clock.format(then) })
    return at(iso, now)
  }
  return { at, ago, clock: (iso) => clock.format(new Date(iso)), day: (iso) => day.format(new Date(iso)), span: (ms) => spanWords(ms, t) }
}

/** Times in the language that is chosen now. */
export function useTimeWords(): ComputedRef<TimeWords> {
  const { locale, t } = useI18n()
  return computed(() => timeWords(locale.value, t as Translate))
}
