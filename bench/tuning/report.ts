import { median } from '../bootstrap/statistics.ts'
import type { Comparison } from './compare.ts'
import { sharedBuffersOf } from './data-size.ts'
import type { Slice } from './measure-contender.ts'
import { type Ratio, ratioToBest } from './ratios.ts'

const OURS = 'drover'
/** Who Drover is compared with: it is not compared with itself less some settings. */
const OTHERS = ['defaults', 'pgtune', 'pigsty']
const MIB = 1024 ** 2

/** What a person reads: the conditions, a table for each workload, and how Drover stands to the best of the others. */
export function report(comparison: Comparison): string {
  const names = [...new Set(comparison.slices.map(({ workload }) => workload))]
  return `${[...conditions(comparison), ...names.flatMap(name => workloadLines(comparison, name))].join('\n')}\n`
}

function conditions({ machine, scale, databaseBytes, seconds, contenders, slices }: Comparison): readonly string[] {
  const rounds = new Set(slices.map(({ round }) => round)).size
  const buffers = contenders.map(({ name, settings }) => `${name} ${mebibytes(sharedBuffersOf(settings))}`)
  const foreign = slices.flatMap(slice => (slice.kind === 'measured' ? [slice.foreignShare] : []))
  return [
    `PostgreSQL ${machine.postgresVersion}, ${machine.cores} cores, told ${mebibytes(machine.memoryBytes)} MiB of memory`,
    `pgbench at scale ${scale}: ${mebibytes(databaseBytes)} MiB; shared buffers in MiB: ${buffers.join(', ')}`,
    `${rounds} rounds, ${seconds} s a slice; all with page checksums, fsync, full_page_writes and synchronous_commit on, without archiving`,
    `others had ${percent(median(foreign))} of the processors, in the worst slice ${percent(Math.max(...foreign))}`,
    'median [range] over the rounds; WAL in bytes a transaction; checkpoints that began, and failed transactions, over all rounds',
  ]
}

function workloadLines({ slices, contenders }: Comparison, workload: string): readonly string[] {
  const ours = slices.filter(slice => slice.workload === workload)
  const [kind = '', clients = ''] = workload.split(' ')
  const title = `${kind === 'ro' ? 'reading' : 'writing'}, ${clients} clients`
  const readings = ours.flatMap(slice => (slice.kind === 'measured' ? [{ ...slice, value: slice.tps }] : []))
  return [
    '',
    `${title.padEnd(22)}${'tps'.padStart(24)}${'ms'.padStart(9)}${'WAL/tx'.padStart(9)}${'checkpoints'.padStart(13)}${'failed'.padStart(8)}`,
    ...contenders.map(({ name }) =>
      contenderLine(
        name,
        ours.filter(({ contender }) => contender === name),
      ),
    ),
    verdict(ratioToBest(readings, OURS, OTHERS)),
  ]
}

function contenderLine(name: string, slices: readonly Slice[]): string {
  const measured = slices.flatMap(slice => (slice.kind === 'measured' ? [slice] : []))
  const broken = slices.flatMap(slice => (slice.kind === 'failed' ? [slice.message] : []))
  const failures = broken.length === 0 ? '' : `  ${broken.length} runs failed: ${broken[0]?.split('\n').at(-1)}`
  if (measured.length === 0) return `  ${name.padEnd(20)}${failures}`
  const rates = measured.map(({ tps }) => tps)
  const range = `${median(rates).toFixed(0)} [${Math.min(...rates).toFixed(0)}..${Math.max(...rates).toFixed(0)}]`
  const latency = median(measured.map(({ latencyMs }) => latencyMs)).toFixed(2)
  const wal = median(measured.map(({ walBytes, transactions }) => walBytes / transactions)).toFixed(0)
  const [checkpoints, failed] = [sum(measured, 'checkpoints'), sum(measured, 'failed')]
  return `  ${name.padEnd(20)}${range.padStart(24)}${latency.padStart(9)}${wal.padStart(9)}${String(checkpoints).padStart(13)}${String(failed).padStart(8)}${failures}`
}

function verdict(ratio: Ratio | undefined): string {
  if (ratio === undefined) return `  no ratio: ${OURS} or all the others have no figures`
  const { best, ofMedians, byRound, slower } = ratio
  const range = `${byRound.least.toFixed(3)}..${byRound.most.toFixed(3)}`
  const aim = slower ? 'SLOWER in every round' : 'not slower beyond noise'
  return `  drover / ${best}, the best of the others: ${ofMedians.toFixed(3)}; round by round ${byRound.median.toFixed(3)} [${range}]: ${aim}`
}

function sum<K extends 'checkpoints' | 'failed'>(slices: readonly Readonly<Record<K, number>>[], key: K): number {
  return slices.reduce((total, slice) => total + slice[key], 0)
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`
}

function mebibytes(bytes: number): string {
  return (bytes / MIB).toFixed(0)
}
