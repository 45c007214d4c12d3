import type { CandidateState, CorrectionState } from '@jieli/api'
import type { Tone } from '@jieli/ui'
import { Ban, Check, CheckCheck, Clock } from '@lucide/vue'
import type { Component } from 'vue'

/** What became of a word, by icon as well as by colour. */
export const CORRECTION: Record<CorrectionState, { icon: Component; tone: Tone }> = {
  waiting: { icon: Clock, tone: 'warn' },
  accepted: { icon: CheckCheck, tone: 'good' },
  rejected: { icon: Ban, tone: 'neutral' },
  confirmed: { icon: Check, tone: 'good' },
}

export const CANDIDATE: Record<CandidateState, Tone> = {
  waiting: 'neutral',
  training: 'info',
  ready: 'brand',
  shadow: 'bot',
  live: 'good',
  retired: 'neutral',
  failed: 'bad',
}
