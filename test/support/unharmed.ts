import { expect } from 'vitest'
import { waitUntil } from '../../deploy/lab/wait-until.ts'
import { throughDoors } from './database-url.ts'
import type { TestFleet } from './fleet.ts'
import { startWriterLoad, type WriterLoad, writesGoOn } from './writer-load.ts'

const CLIENTS = 8

export interface Voter {
  readonly name: string
  readonly node: string
  readonly healthy: boolean
}

export async function votersOf(fleet: TestFleet): Promise<readonly Voter[]> {
  return (await fleet.json<{ etcd: readonly Voter[] }>('status')).etcd
}

/** Nothing to do by that file, and so many voters are well. */
export async function expectSettled(fleet: TestFleet, file: string, voters: number): Promise<void> {
  const answer = await fleet.drover('apply', '-f', file)
  expect(answer, answer.stderr).toMatchObject({ code: 0, stdout: expect.stringMatching(/no changes/i) })
  await waitUntil({
    what: `${voters} voters that are well`,
    timeoutMs: 30_000,
    check: async () => {
      const seen = await votersOf(fleet)
      return seen.length === voters && seen.every(({ healthy }) => healthy)
    },
    explain: async () => JSON.stringify(await votersOf(fleet)),
  })
}

export interface RunningLoad {
  readonly load: WriterLoad
  readonly url: string
}

/** A load that comes in through the doors of these hosts alone. */
export async function loadThrough(
  fleet: TestFleet,
  {
    cluster,
    nodes,
    run,
    sessionMs,
  }: {
    readonly cluster: string
    readonly nodes: readonly string[]
    readonly run: string
    readonly sessionMs?: number
  },
): Promise<RunningLoad> {
  const doors = nodes.map(node => ({ host: fleet.address(node), port: 5433 }))
  const url = throughDoors(await fleet.url(cluster), doors)
  const life = sessionMs === undefined ? {} : { sessionMs }
  const load = await startWriterLoad(fleet.lab, { url, run, clients: CLIENTS, patienceMs: 60_000, ...life })
  await writesGoOn(load, 200)
  return { load, url }
}

/** Writes go on, no transaction has failed, and none that was acknowledged is lost. */
export async function expectUnharmed({ load, url }: RunningLoad, what: string): Promise<void> {
  await writesGoOn(load, 200)
  const report = await load.stop()
  console.log(`${what}:`, JSON.stringify(report))
  expect(report).toMatchObject({ failed: 0, inDoubt: 0, errors: {} })
  expect(await load.verify(url)).toMatchObject({ lost: [] })
}

/**
 * A pooler is gone for good: sessions that lived in it end with it, each one between two transactions, wherever its client came in.
 * So a client is told so once at most, when it begins its next transaction; none is cut short or in doubt, and nothing is lost.
 */
export async function expectSessionsMoved({ load, url }: RunningLoad, what: string): Promise<void> {
  await writesGoOn(load, 200)
  const report = await load.stop()
  console.log(`${what}:`, JSON.stringify(report))
  expect(report.failed).toBeLessThanOrEqual(CLIENTS)
  expect(report.inDoubt).toBe(0)
  expect(Object.keys(report.errors).filter(text => text !== 'server shutting down')).toEqual([])
  expect(await load.verify(url)).toMatchObject({ lost: [] })
}
