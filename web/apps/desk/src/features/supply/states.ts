import type { Tone } from '@jieli/ui'

const TONES: Record<string, Tone> = {
  delivered: 'good',
  completed: 'good',
  shipped: 'info',
  partly_shipped: 'info',
  picked_up: 'info',
  in_transit: 'info',
  out_for_delivery: 'info',
  pending_payment: 'warn',
  in_production: 'neutral',
  returned: 'warn',
  exception: 'bad',
}

export function stateTone(state: string): Tone {
  return TONES[state] ?? 'neutral'
}
