import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Manifest } from '../../../shared/domain/manifest.ts'

type Values = Readonly<Record<string, unknown>>

export interface WorldState {
  readonly manifests: Readonly<Record<string, Manifest>>
  readonly clusters: Readonly<Record<string, { readonly leader: string; readonly timeline: number }>>
  /** By cluster: Patroni's dynamic configuration. */
  readonly dynamic: Readonly<Record<string, Values>>
  /** By instance: how often its server was started anew. */
  readonly starts: Readonly<Record<string, number>>
  /** By instance: the version of PostgreSQL with which its server was started last; absent: what is installed. */
  readonly versions: Readonly<Record<string, string>>
  /** By instance: parameters with which its server was started last. */
  readonly startedWith: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** By instance: when its host's timer ends a pause. */
  readonly timers: Readonly<Record<string, number>>
  /** Ports of poolers that hold their clients, with their instance. */
  readonly held: readonly string[]
  /** Servers that are dead, and their Patronis with them. */
  readonly dead: readonly string[]
  /** Instances whose data are gone, in order. */
  readonly erased: readonly string[]
  /** Every change of etcd's membership, in order: `promote etcd-4`. */
  readonly voters: readonly string[]
  /** By voter: how often it was defragmented. */
  readonly defragmented: Readonly<Record<string, number>>
  /** By unit: the version of the package that its process runs from. Absent: the first one. */
  readonly renewed: Readonly<Record<string, string>>
}

const NOTHING: WorldState = {
  manifests: {},
  clusters: {},
  dynamic: {},
  starts: {},
  versions: {},
  startedWith: {},
  timers: {},
  held: [],
  dead: [],
  erased: [],
  voters: [],
  defragmented: {},
  renewed: {},
}

/** What the made-up hosts have become, in a folder that outlives every process; and every effect that ever happened, once a command. */
export class FakeWorld {
  readonly #directory: string
  /** As it was read last: it is asked for many times a second. */
  #known: { readonly version: string; readonly state: WorldState } | undefined

  constructor(directory: string) {
    this.#directory = directory
    for (const name of ['effects', 'doubled']) mkdirSync(join(directory, name), { recursive: true })
  }

  /** A command takes effect. The file is made by this call or not at all, so that a second time cannot be missed. */
  tookEffect(commandId: string, kind: string): void {
    try {
      writeFileSync(join(this.#directory, 'effects', commandId), kind, { flag: 'wx' })
    } catch {
      writeFileSync(join(this.#directory, 'doubled', commandId), kind)
    }
  }

  effects(): readonly string[] {
    return readdirSync(join(this.#directory, 'effects'))
  }

  doubled(): readonly string[] {
    return readdirSync(join(this.#directory, 'doubled'))
  }

  state(): WorldState {
    const path = this.#path()
    const seen = statSync(path, { bigint: true, throwIfNoEntry: false })
    if (seen === undefined) return NOTHING
    // Each change is another file under the same name.
    const version = `${seen.ino} ${seen.ctimeNs} ${seen.size}`
    if (this.#known?.version !== version)
      this.#known = { version, state: JSON.parse(readFileSync(path, 'utf8')) as WorldState }
    return this.#known.state
  }

  change(change: (state: WorldState) => Partial<WorldState>): void {
    const beside = `${this.#path()}.new`
    const before = this.state()
    writeFileSync(beside, JSON.stringify({ ...before, ...change(before) }))
    renameSync(beside, this.#path())
  }

  #path(): string {
    return join(this.#directory, 'world.json')
  }
}
