import { styleText } from 'node:util'
import type { Output } from '../terminal.ts'

export type Tone = 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan'

export function paint(output: Output, tone: Tone, text: string): string {
  return output.color ? styleText(tone, text, { validateStream: false }) : text
}
