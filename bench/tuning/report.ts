import { median } from '../bootstrap/statistics.ts'
import type { Comparison } from './compare.ts'
import { OTHERS, OURS, UNOBSERVED } from './contenders.ts'
import { sharedBuffersOf } from './data-size.ts'
import type { MeasuredSlice, Slice } from './measure-slice.ts'
import { ratioToBest } from './ratios.ts'

const MIB = 1024 ** 2

/** What a person reads: the conditions, a table for each workload, and how Drover stands to the best of the others. */
export function report(comparison: Comparison): string {
  const names = [...new Set(comparison.slices.map(({ workload }) => workload))]
  const tables = names.flatMap(name => {
    const slices = comparison.slices.filter(({ workload }) => workload === name)
    return ['', heading(name), ...comparison.contenders.map(each => row(each.name, slices)), ...verdicts(slices)]
  })
  return `${[...conditions(comparison), ...tables].join('\n')}\n`
}

function conditions({ machine, scale, databaseBytes, seconds, contenders, slices }: Comparison): readonly string[] {
  const rounds = new Set(slices.map(({ round }) => round)).size
  const buffers = contenders.map(({ name, settings }) => `${name} ${mebibytes(sharedBuffersOf(settings))}`)
  const foreign = measured(slices).map(({ foreignShare }) => foreignShare)
  return [
    `PostgreSQL ${machine.postgresVersion}, ${machine.cores} cores, told ${mebibytes(machine.memoryBytes)} MiB of memory`,
    `pgbench at scale ${scale}: ${mebibytes(databaseBytes)} MiB; shared buffers in MiB: ${buffers.join(', ')}`,
    `${rounds} rounds, ${seconds} s a slice; all with page checksums, fsync, full_page_writes and synchronous_commit on, without archiving`,
    `all but ${UNOBSERVED} are observed alike, by the libraries that Drover loads (${libraries(contenders)}): observing is no tuning, and what it costs is a line of its own`,
    `others had ${foreign.length === 0 ? 'no share' : percent(median(foreign))} of the processors, in the worst slice ${percent(Math.max(0, ...foreign))}`,
    'median [range] over the rounds; processor time of server and clients, and bytes of WAL, for each transaction; checkpoints, and failed transactions, over all rounds',
    'ratios: median over the rounds [where it lies with 95 % confidence; below six rounds their range]',
  ]
}

function heading(workload: string): string {
  const [kind, clients] = workload.split(' ')
  const title = `${kind === 'ro' ? 'reading' : 'writing'}, ${clients} clients`
  return columns(title, ['tps', 'latency ms', 'CPU µs', 'WAL bytes', 'checkpoints', 'failed'])
}

function row(name: string, slices: readonly Slice[]): string {
  const own = slices.filter(({ contender }) => contender === name)
  const gaveUp = own.flatMap(slice => (slice.kind === 'failed' ? [slice.message] : []))
  const note = gaveUp.length === 0 ? '' : `  gave up ${gaveUp.length} ×: ${gaveUp[0]?.split('\n').at(-1)}`
  const runs = measured(own)
  if (runs.length === 0) return `  ${name}${note}`
  const rates = runs.map(({ tps }) => tps)
  const cells = [
    `${median(rates).toFixed(0)} [${Math.min(...rates).toFixed(0)}..${Math.max(...rates).toFixed(0)}]`,
    median(runs.map(({ latencyMs }) => latencyMs)).toFixed(2),
    cpuMicros(runs).toFixed(1),
    median(runs.map(({ walBytes, transactions }) => walBytes / transactions)).toFixed(0),
    String(runs.reduce((sum, { checkpoints }) => sum + checkpoints, 0)),
    String(runs.reduce((sum, { failed }) => sum + failed, 0)),
  ]
  return columns(name, cells) + note
}

function columns(first: string, [rate = '', ...others]: readonly string[]): string {
  return `  ${first.padEnd(30)}${rate.padStart(22)}${others.map(cell => cell.padStart(12)).join('')}`
}

/** How Drover stands to the best of the others, and what observing costs it. */
function verdicts(slices: readonly Slice[]): readonly string[] {
  const runs = measured(slices)
  const best = ratioLine(runs, OTHERS, ', the best of the others')
  const price = ratioLine(runs, [UNOBSERVED], ', the price of observing')
  const observing = price === undefined ? [] : [price.text]
  if (best === undefined) return [`  no ratio: no round has figures of ${OURS} and of another`, ...observing]
  const judgement = best.slower ? 'SLOWER beyond noise' : 'not slower beyond noise'
  return [`${best.text}: ${judgement}`, ...observing]
}

function ratioLine(
  runs: readonly MeasuredSlice[],
  others: readonly string[],
  remark: string,
): { readonly text: string; readonly slower: boolean } | undefined {
  const readings = runs.map(({ round, contender, tps }) => ({ round, contender, value: tps }))
  const ratio = ratioToBest(readings, OURS, others)
  if (ratio === undefined) return undefined
  const { other, low, high } = ratio
  const cpuOf = (name: string): number => cpuMicros(runs.filter(({ contender }) => contender === name))
  const cpu = `CPU ${(cpuOf(OURS) / cpuOf(other)).toFixed(3)}`
  const figures = `${ratio.median.toFixed(3)} [${low.toFixed(3)}..${high.toFixed(3)}]; ${cpu}`
  return { text: `  ${OURS} / ${other}${remark}, round by round: ${figures}`, slower: high < 1 }
}

function libraries(contenders: Comparison['contenders']): string {
  return contenders.find(({ name }) => name === OURS)?.settings['shared_preload_libraries'] ?? 'none'
}

/** Processor time of a transaction in microseconds: less disturbed by other programs than the rate is. */
function cpuMicros(runs: readonly MeasuredSlice[]): number {
  return median(runs.map(({ labCpuSeconds, transactions }) => (labCpuSeconds / transactions) * 1e6))
}

function measured(slices: readonly Slice[]): readonly MeasuredSlice[] {
  return slices.flatMap(slice => (slice.kind === 'measured' ? [slice] : []))
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`
}

function mebibytes(bytes: number): string {
  return (bytes / MIB).toFixed(0)
}
