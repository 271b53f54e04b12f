import { styleText } from 'node:util'
import type { Output } from '../terminal.ts'

export type Tone = 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan'

export function paint(output: Output, tone: Tone, text: string): string {
  return output.color ? styleText(tone, text, { validateStream: false }) : text
}

const STATE_TONES: Readonly<Record<string, Tone>> = {
  done: 'green',
  failed: 'red',
  cancelled: 'yellow',
  running: 'cyan',
}

/** State of an operation or of a step. */
export function paintState(output: Output, state: string): string {
  const tone = STATE_TONES[state]
  return tone === undefined ? state : paint(output, tone, state)
}
