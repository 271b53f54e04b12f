/** Reading, or reading and writing. */
export const KINDS = ['ro', 'rw'] as const
export type Kind = (typeof KINDS)[number]

const SCRIPTS = { ro: 'select-only', rw: 'tpcb-like' } as const

/** How pgbench loads the server. */
export interface Workload {
  /** `ro 4`, `rw 64`. */
  readonly name: string
  readonly script: (typeof SCRIPTS)[Kind]
  readonly clients: number
}

/** What pgbench says of one run. */
export interface PgbenchResult {
  readonly tps: number
  readonly latencyMs: number
  readonly transactions: number
  /** Transactions that were not done in the end. */
  readonly failed: number
}

export interface WorkloadsInput {
  readonly kinds: readonly Kind[]
  readonly cores: number
  readonly manyClients: number
}

/** Reading before writing, so that all read the same content. Few clients are two a core. */
export function workloads({ kinds, cores, manyClients }: WorkloadsInput): readonly Workload[] {
  return KINDS.filter(kind => kinds.includes(kind)).flatMap(kind =>
    [2 * cores, manyClients].map(clients => ({ name: `${kind} ${clients}`, script: SCRIPTS[kind], clients })),
  )
}

export interface PgbenchCommand extends Omit<Workload, 'name'> {
  readonly program: string
  readonly sockets: string
  readonly port: number
  readonly database: string
  readonly threads: number
  readonly seconds: number
}

export function pgbenchCommand(command: PgbenchCommand): readonly string[] {
  const { program, sockets, port, database, script, clients, threads, seconds } = command
  const jobs = String(Math.min(clients, threads))
  const load = ['--builtin', script, '--client', String(clients), '--jobs', jobs, '--time', String(seconds)]
  return [program, '--host', sockets, '--port', String(port), '--no-vacuum', ...load, database]
}

/** Reads the summary of PostgreSQL 15 and later. Throws when it is not a whole one. */
export function parsePgbench(output: string): PgbenchResult {
  const number = (pattern: RegExp): number => {
    const found = pattern.exec(output)?.[1]
    if (found === undefined) throw new Error(`pgbench said nothing that matches ${pattern}:\n${output}`)
    return Number(found)
  }
  return {
    tps: number(/^tps = ([\d.]+) \(without initial connection time\)/m),
    latencyMs: number(/^latency average = ([\d.]+) ms/m),
    transactions: number(/^number of transactions actually processed: (\d+)/m),
    failed: number(/^number of failed transactions: (\d+)/m),
  }
}
