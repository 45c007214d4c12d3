import en from '@jieli/words/src/en/widget.json'
import zh from '@jieli/words/src/zh-CN/widget.json'

export type Locale = 'zh-CN' | 'en'

export function nearest(wanted: string): Locale {
  return wanted.toLowerCase().startsWith('en') ? 'en' : 'zh-CN'
}

/** The few words outside of the frame; the library for the others would be larger than this whole script. */
export function bubbleWords(locale: Locale) {
  const t = (key: string): string => (key.split('.').slice(1) as never[]).reduce((words, part) => words[part], (locale === 'en' ? en : zh) as never)
  return {
    frame: t('widget.bubble.frame'),
    close: t('widget.bubble.close'),
    open: (unread: number) => (unread ? t('widget.bubble.unread').replace('{n}', String(unread)) : t('widget.bubble.open')),
  }
}
