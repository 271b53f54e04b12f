import { DroverError } from '../../../../shared/domain/errors.ts'
import type { Program, ProgramStep } from '../../program.ts'

/** Counts of errors and transactions come once a minute: what shows in one of a wave has shown in the others by then. */
const AGAIN_MS = 3 * 60_000

export interface WatchedWave<Unit> {
  readonly name: string
  readonly upgraded: readonly Unit[]
  readonly soakMs: number
  nameOf(unit: Unit): string
  /** Answers, by name, with what is wrong; the first trouble that lasts ends it. */
  watch(units: readonly Unit[], forMs: number): ProgramStep<Readonly<Record<string, string>>>
  wayBack(unit: Unit): WayBack
}

export interface WayBack {
  /** `pg-main`, `haproxy of node-1`. */
  readonly what: string
  /** Answers with how it went. */
  readonly step: ProgramStep<string>
}

/**
 * Watches what a wave has upgraded. Whoever is not well goes back at once; the others run the same, so they are watched for a while longer.
 * Answers with the failure of the campaign; null: all are well.
 */
export async function watchWave<Unit>(wave: WatchedWave<Unit>, op: Program): Promise<DroverError | null> {
  const { name, soakMs, nameOf } = wave
  const said: string[] = []
  for (let [rest, forMs] = [wave.upgraded, soakMs]; rest.length > 0; forMs = Math.min(soakMs, AGAIN_MS)) {
    op.phase(`${name}: watch`)
    const found = await op.step(wave.watch(rest, forMs))
    const unwell = rest.filter(unit => found[nameOf(unit)] !== undefined)
    if (unwell.length === 0) break
    op.phase('roll back')
    said.push(
      ...(await Promise.all(
        unwell.map(async unit => {
          const { what, step } = wave.wayBack(unit)
          return `${what}: ${found[nameOf(unit)]}; ${await op.step(step)}`
        }),
      )),
    )
    rest = rest.filter(unit => !unwell.includes(unit))
  }
  if (said.length === 0) return null
  return new DroverError('failed', `the upgrade ends here: ${said.join('; ')}`, {
    retryable: false,
    hint: `drover operation show ${op.operationId}`,
  })
}
