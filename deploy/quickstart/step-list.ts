import { styleText } from 'node:util'

export interface ProgressStream {
  write(text: string): unknown
  readonly isTTY?: boolean
}

/** Runs steps one after the other and shows each with its time. */
export interface StepList {
  /** Lines the step reports appear below its title. */
  step<T>(title: string, work: (report: (line: string) => void) => Promise<T>): Promise<T>
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const ERASE_LINE = '\r\u001b[K'

/** On a terminal the running step's line is redrawn with its time; elsewhere each step is plain lines. */
export function createStepList(stream: ProgressStream, total: number): StepList {
  const live = stream.isTTY === true
  let number = 0

  return {
    async step(title, work) {
      number += 1
      const label = `[${String(number).padStart(String(total).length)}/${total}] ${title}`
      const startedAt = performance.now()
      const seconds = () => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`
      let latest = ''
      let frame = 0
      const draw = () =>
        stream.write(
          `${ERASE_LINE}${FRAMES[frame++ % FRAMES.length]} ${label}  ${seconds()}  ${styleText('dim', latest.slice(0, 60))}`,
        )
      if (!live) stream.write(`${label}\n`)
      const timer = live ? setInterval(draw, 120) : null
      try {
        const result = await work(line => {
          latest = line
          if (!live) stream.write(`      ${line}\n`)
        })
        stream.write(
          live
            ? `${ERASE_LINE}${styleText('green', '✔')} ${label}  ${styleText('dim', seconds())}\n`
            : `      done in ${seconds()}\n`,
        )
        return result
      } catch (error) {
        stream.write(
          live ? `${ERASE_LINE}${styleText('red', '✖')} ${label}  ${seconds()}\n` : `      failed after ${seconds()}\n`,
        )
        throw error
      } finally {
        if (timer !== null) clearInterval(timer)
      }
    },
  }
}
