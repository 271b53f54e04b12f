import { setTimeout as delay } from 'node:timers/promises'
import { openSession, parseDatabaseUrl, type Session } from './database-url.ts'
import { serveNdjson } from './ndjson-server.ts'
import type { MemberDoor, PrimaryWatchReport, WriteSpan } from './primary-watch.ts'

/** Entry of the process that writes to every member directly; `startPrimaryWatch` runs it inside the lab's network. */
serveNdjson({ start, stop })

const PATIENCE_MS = 2_000
const INTERVAL_MS = 100
/** A file of WAL begins its name with its timeline, eight hexadecimal digits. */
const WRITE =
  'INSERT INTO primary_watch DEFAULT VALUES RETURNING left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) AS timeline'

let end: AbortController | undefined
let watches: Promise<readonly WriteSpan[]>[] = []

async function start({ url, members }: { url: string; members: readonly MemberDoor[] }): Promise<void> {
  if (end !== undefined) throw new Error('the watch is running already')
  end = new AbortController()
  const { signal } = end
  watches = members.map(member => watchMember(url, member, signal))
}

async function stop(): Promise<PrimaryWatchReport> {
  end?.abort()
  return { spans: (await Promise.all(watches)).flat() }
}

/** Every acknowledged write of one member: when it was sent, and when it was acknowledged. */
async function watchMember(url: string, member: MemberDoor, signal: AbortSignal): Promise<readonly WriteSpan[]> {
  const parsed = parseDatabaseUrl(url)
  const spans: WriteSpan[] = []
  let session: Session | undefined
  while (!signal.aborted) {
    const sentAt = performance.now()
    try {
      session ??= await openSession(parsed, member, {
        connectionTimeoutMillis: PATIENCE_MS,
        query_timeout: PATIENCE_MS,
      })
      const { rows } = await session.client.query<{ timeline: string }>(WRITE)
      const timeline = Number.parseInt(rows[0]?.timeline ?? '', 16)
      spans.push({ member: member.name, timeline, sentAt, acknowledgedAt: performance.now() })
    } catch (error) {
      // A standby says so on a session that goes on being good.
      if (!(error instanceof Error && /read-only transaction/.test(error.message))) {
        session?.drop()
        session = undefined
      }
    }
    await delay(INTERVAL_MS)
  }
  session?.drop()
  return spans
}
