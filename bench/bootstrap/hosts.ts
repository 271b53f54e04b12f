import { readFile } from 'node:fs/promises'
import { baseImage } from '../../deploy/lab/base-image.ts'
import { createLab, endLab } from '../../deploy/lab/create-lab.ts'
import type { Lab } from '../../deploy/lab/lab.ts'
import type { LabContext } from '../../deploy/lab/lab-context.ts'
import { requiredPackages } from '../../orchestrator/plan/packages.ts'
import { parseSpec } from '../../orchestrator/spec/parse-spec.ts'
import type { SqlClient } from '../../test/support/sql-client.ts'
import type { Measured } from './measure.ts'
import { packageLayer } from './package-layer.ts'

export interface OpenHosts {
  readonly name: string
  readonly subnet: string
  readonly specFile: string
  /** With an orchestrator and agents; otherwise bare hosts with the packages. */
  readonly withDrover: boolean
  readonly context: LabContext
}

/** Three hosts that have every package and no cluster. */
export interface BenchHosts extends AsyncDisposable {
  readonly lab: Lab
  /** Runs `drover apply` and times it up to the finish line. */
  readonly apply: (sql: SqlClient) => Promise<Measured>
}

export const os = 'debian13'
export const count = 3

export async function openHosts(request: OpenHosts): Promise<BenchHosts> {
  const { context, specFile } = request
  const packages = packagesOf(await readFile(specFile, 'utf8'))
  const over = (lower: readonly string[]): Promise<string> => packageLayer({ os, packages, lower }, context)
  if (!request.withDrover) return openBare(request, over)
  const { openFleetHosts } = await import('./fleet-hosts.ts')
  return openFleetHosts(request, over)
}

export type Over = (lower: readonly string[]) => Promise<string>

async function openBare({ name, subnet, context }: OpenHosts, over: Over): Promise<BenchHosts> {
  await endLab(name, context)
  const lab = await createLab({ name, subnet }, context)
  const layer = await over([await baseImage(os, context)])
  await lab.addHosts({ count, os, layers: [layer] })
  return {
    lab,
    apply: () => Promise.reject(new Error('these hosts have no agents')),
    [Symbol.asyncDispose]: () => endLab(name, context),
  }
}

function packagesOf(text: string): readonly string[] {
  const parsed = parseSpec(text, 'fleet.yml')
  if (!('spec' in parsed)) throw new Error(parsed.map(({ message }) => message).join('\n'))
  return requiredPackages(parsed.spec, os)
}
