import { openSession, parseDatabaseUrl, type Session } from './database-url.ts'
import { serveNdjson } from './ndjson-server.ts'
import { createStallMeter, type StallMeter } from './stall-meter.ts'
import { runWriter, type WriterOutcome } from './writer.ts'
import type { LoadProgress, LoadReport, Verification, WriterLoadOptions } from './writer-load.ts'

/** Entry of the load generator's process; `startWriterLoad` runs it inside the lab's network. */
serveNdjson({ start, progress, stop, verify })

interface Running {
  readonly run: string
  readonly meter: StallMeter
  readonly end: AbortController
  readonly writers: Promise<readonly WriterOutcome[]>
}

let running: Running | undefined
let outcomes: readonly WriterOutcome[] = []

async function start(options: WriterLoadOptions): Promise<void> {
  if (running !== undefined) throw new Error('the load is running already')
  await withSession(options.url, async ({ client }) => {
    await client.query(
      'CREATE TABLE IF NOT EXISTS writer_load (run text, client int, seq bigint, PRIMARY KEY (run, client, seq))',
    )
  })
  const url = parseDatabaseUrl(options.url)
  const end = new AbortController()
  const meter = createStallMeter(performance.now())
  const writers = Array.from({ length: options.clients }, (_, number) =>
    runWriter({
      ...options,
      url,
      number,
      signal: end.signal,
      onCommit: () => meter.commit(performance.now()),
    }),
  )
  running = { run: options.run, meter, end, writers: Promise.all(writers) }
}

async function progress(): Promise<LoadProgress> {
  const { meter } = required()
  return { acknowledged: meter.commits(), sinceLastCommitMs: meter.since(performance.now()) }
}

async function stop(): Promise<LoadReport> {
  const { end, meter, writers } = required()
  const longestStallMs = meter.longest(performance.now())
  end.abort()
  outcomes = await writers
  const errors: Record<string, number> = {}
  for (const outcome of outcomes)
    for (const [text, count] of Object.entries(outcome.errors)) errors[text] = (errors[text] ?? 0) + count
  return {
    acknowledged: total(outcome => outcome.acknowledged),
    failed: total(outcome => outcome.failed),
    inDoubt: total(outcome => outcome.inDoubt),
    longestStallMs,
    errors,
  }
}

/** Looks up every row that was acknowledged. */
async function verify({ url }: { readonly url: string }): Promise<Verification> {
  const { run } = required()
  const lost: string[] = []
  let found = 0
  let inDoubtFound = 0
  await withSession(url, async ({ client }) => {
    for (const [number, outcome] of outcomes.entries()) {
      const { rows } = await client.query<{ seq: string }>(
        'SELECT seq FROM writer_load WHERE run = $1 AND client = $2',
        [run, number],
      )
      const present = new Set(rows.map(({ seq }) => Number(seq)))
      found += present.size
      lost.push(...outcome.acknowledged.filter(seq => !present.has(seq)).map(seq => `${number}/${seq}`))
      inDoubtFound += outcome.inDoubt.filter(seq => present.has(seq)).length
    }
  })
  return { found, inDoubtFound, lost }
}

function required(): Running {
  if (running === undefined) throw new Error('the load was never started')
  return running
}

function total(of: (outcome: WriterOutcome) => readonly number[]): number {
  return outcomes.reduce((sum, outcome) => sum + of(outcome).length, 0)
}

async function withSession(url: string, work: (session: Session) => Promise<void>): Promise<void> {
  const parsed = parseDatabaseUrl(url)
  let failure: unknown = new Error('the URL names no host')
  for (const door of parsed.doors) {
    const session = await openSession(parsed, door, { connectionTimeoutMillis: 5000 }).catch(error => {
      failure = error
    })
    if (session === undefined) continue
    try {
      return await work(session)
    } finally {
      session.drop()
    }
  }
  throw failure
}
