import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Manifest } from '../../../shared/domain/manifest.ts'

interface State {
  readonly manifests: Readonly<Record<string, Manifest>>
  readonly clusters: Readonly<Record<string, { readonly leader: string; readonly timeline: number }>>
  /** By instance: how often its server was started anew. */
  readonly starts: Readonly<Record<string, number>>
  /** Every change of etcd's membership, in order: `promote etcd-4`. */
  readonly voters?: readonly string[]
}

/** What the made-up hosts have become, in a folder that outlives every process; and every effect that ever happened, once a command. */
export class FakeWorld {
  readonly #directory: string

  constructor(directory: string) {
    this.#directory = directory
    for (const name of ['effects', 'doubled']) mkdirSync(join(directory, name), { recursive: true })
  }

  /** A command takes effect. The file is made by this call or not at all, so that a second time cannot be missed. */
  tookEffect(commandId: string, kind: string): void {
    try {
      writeFileSync(openSync(join(this.#directory, 'effects', commandId), 'wx'), kind)
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

  state(): State {
    const path = this.#path()
    if (!existsSync(path)) return { manifests: {}, clusters: {}, starts: {} }
    return JSON.parse(readFileSync(path, 'utf8')) as State
  }

  change(change: (state: State) => State): void {
    const beside = `${this.#path()}.new`
    writeFileSync(beside, JSON.stringify(change(this.state())))
    renameSync(beside, this.#path())
  }

  #path(): string {
    return join(this.#directory, 'world.json')
  }
}
