import type { TestFleet } from './fleet.ts'
import {
  type LoadReport,
  startWriterLoad,
  type Verification,
  type WriterLoad,
  type WriterLoadOptions,
  writesGoOn,
} from './writer-load.ts'

/** What clients of one cluster saw. */
export interface ClusterLoadReport extends LoadReport {
  readonly cluster: string
  readonly lost: Verification['lost']
}

/** Writing clients on several clusters, through the `primary` service of each. */
export interface ClusterLoads extends AsyncDisposable {
  /** Waits for so many more acknowledged writes on every one of these clusters; default: all. */
  readonly goOn: (more: number, only?: readonly string[]) => Promise<void>
  /** Ends them and looks up every acknowledged write. */
  readonly stop: () => Promise<readonly ClusterLoadReport[]>
}

/** Few clients with pauses, so that one small machine with many clusters is not what they wait for. */
const GENTLE = { clients: 2, thinkMs: 50, patienceMs: 30_000 }
const GO_ON_MS = 120_000

export async function startClusterLoads(
  fleet: TestFleet,
  request: { readonly run: string; readonly clusters: readonly string[] } & Partial<WriterLoadOptions>,
): Promise<ClusterLoads> {
  const { clusters, ...options } = request
  const running: { readonly cluster: string; readonly url: string; readonly load: WriterLoad }[] = []
  try {
    for (const cluster of clusters) {
      const url = await fleet.url(cluster)
      running.push({ cluster, url, load: await startWriterLoad(fleet.lab, { ...GENTLE, ...options, url }) })
    }
    await goOn(50)
  } catch (error) {
    await end()
    throw error
  }
  return { goOn, stop, [Symbol.asyncDispose]: end }

  async function goOn(more: number, only: readonly string[] = clusters): Promise<void> {
    const wanted = running.filter(({ cluster }) => only.includes(cluster))
    await Promise.all(wanted.map(({ load }) => writesGoOn(load, more, GO_ON_MS)))
  }

  async function stop(): Promise<readonly ClusterLoadReport[]> {
    const reports = await Promise.all(
      running.map(async ({ cluster, url, load }) => {
        const report = await load.stop()
        const { lost } = await load.verify(url)
        return { cluster, ...report, lost }
      }),
    )
    await end()
    return reports
  }

  async function end(): Promise<void> {
    await Promise.all(running.splice(0).map(({ load }) => load[Symbol.asyncDispose]()))
  }
}

/** A table for people. */
export function loadTable(title: string, reports: readonly ClusterLoadReport[]): string {
  const rows = reports.map(
    ({ cluster, acknowledged, failed, inDoubt, lost, longestStallMs }) =>
      `| ${cluster} | ${acknowledged} | ${failed} | ${inDoubt} | ${lost.length} | ${Math.round(longestStallMs)} |`,
  )
  return [
    title,
    '| cluster | acknowledged | failed | in doubt | lost | longest time without a commit, ms |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n')
}
