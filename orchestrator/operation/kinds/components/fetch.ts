import type { ComponentTurn } from '../../../../shared/domain/component.ts'
import type { Program, ProgramStep } from '../../program.ts'
import type { ComponentHost } from './upgrade-components.ts'

type Packages = readonly { readonly name: string; readonly version: string }[]

/** Into the fleet repository, once for each OS, before anything is begun. */
export async function fetchAll(
  turns: readonly ComponentTurn[],
  hosts: readonly ComponentHost[],
  op: Program,
): Promise<void> {
  op.phase('fetch')
  for (const [os, packages] of byOs(turns, hosts)) await op.step(fetchPackages(os, packages))
}

function byOs(turns: readonly ComponentTurn[], hosts: readonly ComponentHost[]): ReadonlyMap<string, Packages> {
  const osOf = new Map(hosts.map(({ name, os }) => [name, os]))
  const grouped = Map.groupBy(turns, ({ node }) => osOf.get(node) ?? '')
  return new Map(
    [...grouped].map(([os, all]) => {
      const texts = new Map(all.flatMap(({ packages }) => packages.map(({ name, to }) => [name, to] as const)))
      return [os, [...texts].map(([name, version]) => ({ name, version }))]
    }),
  )
}

function fetchPackages(os: string, packages: Packages): ProgramStep<null> {
  return {
    title: `fetch ${packages.map(({ name, version }) => `${name} ${version}`).join(', ')} for ${os}`,
    async act({ shelf, signal, progress }) {
      await shelf.fill({ os, packages, signal, onProgress: progress })
      return { result: null, detail: 'they are in the fleet repository' }
    },
  }
}
