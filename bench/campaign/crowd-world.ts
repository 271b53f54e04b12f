import type { InstanceWatch } from '../../shared/domain/manifest.ts'
import { running } from '../../test/support/crash/fake-cluster.ts'
import { FakeWorld, type WorldState } from '../../test/support/crash/fake-world.ts'

/** Many made-up machines: kept in memory, with every cluster's members at hand. Ends with its process. */
export class CrowdWorld extends FakeWorld {
  #state: WorldState
  /** By instance: the version with which its server was started last. */
  readonly #versions = new Map<string, string>()
  #members: { readonly of: WorldState['manifests']; readonly byCluster: ReadonlyMap<string, readonly string[]> }

  constructor(directory: string) {
    super(directory)
    this.#state = super.state()
    this.#members = { of: this.#state.manifests, byCluster: new Map() }
  }

  override state(): WorldState {
    return this.#state
  }

  override change(change: (state: WorldState) => Partial<WorldState>): void {
    this.#state = { ...this.#state, ...change(this.#state) }
  }

  override tookEffect(): void {
    // What is done twice is the matter of the crash matrix.
  }

  /** Sorted. */
  members(cluster: string): readonly string[] {
    const { manifests } = this.#state
    if (this.#members.of !== manifests) {
      const watches = Object.values(manifests).flatMap(running)
      const byCluster = Map.groupBy(watches, watch => watch.cluster)
      const names = [...byCluster].map(([name, all]) => [name, all.map(({ instance }) => instance).sort()] as const)
      this.#members = { of: manifests, byCluster: new Map(names) }
    }
    return this.#members.byCluster.get(cluster) ?? []
  }

  versionOf({ instance }: Pick<InstanceWatch, 'instance'>): string {
    return this.#versions.get(instance) ?? OLDER
  }

  /** From whatever its node's manifest leads it to. Answers with what its cluster runs when that is one version. */
  started(node: string, instance: string): { readonly cluster: string; readonly version: string } | null {
    const manifest = this.#state.manifests[node]
    const link = manifest?.links?.find(({ path }) => path.includes(`/${instance}/`))
    const version = /\/(\d+\.\d+)-[0-9a-f]{8}\//.exec(link?.target ?? '')?.[1] ?? OLDER
    this.#versions.set(instance, version)
    const cluster = manifest?.watches.instances.find(each => each.instance === instance)?.cluster ?? ''
    const isWhole = this.members(cluster).every(each => this.versionOf({ instance: each }) === version)
    return isWhole ? { cluster, version } : null
  }
}

export const OLDER = '17.11'
export const NEWER = '17.12'
