import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteStore } from '../../../orchestrator/store/sqlite-store.ts'
import type { Store } from '../../../orchestrator/store/store.ts'
import { createVolatileStore, type VolatileStore } from '../volatile-store.ts'

/** A store on a machine whose power can be lost: with it goes every write that was not flushed, and so not acknowledged. */
export class PoweredStore implements AsyncDisposable {
  readonly #directory: string
  readonly #delayMs: () => number
  #disk: Store
  #seen: Store
  #volatile: VolatileStore

  private constructor(directory: string, delayMs: () => number) {
    this.#directory = directory
    this.#delayMs = delayMs
    this.#disk = this.#open('disk')
    this.#seen = this.#open('seen')
    this.#volatile = this.#join()
  }

  static async create(delayMs: () => number): Promise<PoweredStore> {
    return new PoweredStore(await mkdtemp(join(tmpdir(), 'drover-power-')), delayMs)
  }

  /** Stays the same over losses. */
  readonly store: Store = {
    get: key => this.#volatile.store.get(key),
    range: (prefix, options) => this.#volatile.store.range(prefix, options),
    txn: transaction => this.#volatile.store.txn(transaction),
    watch: options => this.#volatile.store.watch(options),
    grantLease: ttlMs => this.#volatile.store.grantLease(ttlMs),
    revision: () => this.#volatile.store.revision(),
    compact: async () => undefined,
    close: async () => undefined,
  }

  losePower(): void {
    this.#volatile.losePower()
  }

  /** What the disk has, down to every revision; whoever used the store before must be gone. */
  async returns(): Promise<void> {
    await Promise.all([this.#disk.close(), this.#seen.close()])
    for (const end of ['-wal', '-shm']) await rm(this.#path(`seen`) + end, { force: true })
    await copyFile(this.#path('disk'), this.#path('seen'))
    this.#disk = this.#open('disk')
    this.#seen = this.#open('seen')
    this.#volatile = this.#join()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#disk.close(), this.#seen.close()])
    await rm(this.#directory, { recursive: true })
  }

  #open(name: 'disk' | 'seen'): Store {
    return openSqliteStore({ path: this.#path(name) })
  }

  #join(): VolatileStore {
    return createVolatileStore({ seen: this.#seen, disk: this.#disk, delayMs: this.#delayMs })
  }

  #path(name: 'disk' | 'seen'): string {
    return join(this.#directory, `${name}.db`)
  }
}
