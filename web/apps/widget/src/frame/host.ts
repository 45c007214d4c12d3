import type { Identity } from '@jieli/customer'
import { shallowReactive } from 'vue'
import { readToFrame, type FromFrame } from '../talk'
import { asked } from './asked'

/** What the page around has said so far. It speaks as soon as the frame is loaded, before the visit is opened. */
export const heard = shallowReactive<{ shown: boolean; identity: Identity | undefined }>({ shown: window.parent === window, identity: undefined })

/** Only the page that loaded us is heard, from the origin it was loaded for. */
export function hear({ source, origin, data }: Pick<MessageEvent, 'source' | 'origin' | 'data'>): void {
  if (source !== window.parent || origin !== asked.host) return
  const word = readToFrame(data)
  if (word?.jieli === 'shown') heard.shown = word.shown
  if (word?.jieli === 'identify') heard.identity = word.identity
}

export function tell(word: FromFrame): void {
  if (asked.host && window.parent !== window) window.parent.postMessage(word, asked.host)
}
