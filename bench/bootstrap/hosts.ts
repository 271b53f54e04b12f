import { readFile } from 'node:fs/promises'
import { baseImage } from '../../deploy/lab/base-image.ts'
import { createLab, endLab } from '../../deploy/lab/create-lab.ts'
import { requiredPackages } from '../../orchestrator/plan/packages.ts'
import { parseSpec } from '../../orchestrator/spec/parse-spec.ts'
import { type BenchHosts, count, type OpenHosts, type Over, os } from './bench-hosts.ts'
import { openFleetHosts } from './fleet-hosts.ts'
import { packageLayer } from './package-layer.ts'

export async function openHosts(request: OpenHosts): Promise<BenchHosts> {
  const { context, specFile } = request
  const packages = packagesOf(await readFile(specFile, 'utf8'))
  const over = (lower: readonly string[]): Promise<string> => packageLayer({ os, packages, lower }, context)
  return request.withDrover ? openFleetHosts(request, over) : openBare(request, over)
}

async function openBare({ name, subnet, context }: OpenHosts, over: Over): Promise<BenchHosts> {
  await endLab(name, context)
  const lab = await createLab({ name, subnet }, context)
  const layer = await over([await baseImage(os, context)])
  await lab.addHosts({ count, os, layers: [layer] })
  return { lab, apply: () => Promise.reject(new Error('these hosts have no agents')) }
}

function packagesOf(text: string): readonly string[] {
  const parsed = parseSpec(text, 'fleet.yml')
  if (!('spec' in parsed)) throw new Error(parsed.map(({ message }) => message).join('\n'))
  return requiredPackages(parsed.spec, os)
}
