import { openSession, parseDatabaseUrl } from './database-url.ts'
import { serveNdjson } from './ndjson-server.ts'
import type { SqlRequest } from './sql-client.ts'

/** Entry of the process that asks databases from inside the lab's network. */
serveNdjson({ query })

async function query({ url, sql, timeoutMs }: SqlRequest): Promise<unknown> {
  const parsed = parseDatabaseUrl(url)
  const [door] = parsed.doors
  if (door === undefined) throw new Error('the URL names no host')
  const { client, drop } = await openSession(parsed, door, {
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
  })
  try {
    return (await client.query(sql)).rows
  } finally {
    drop()
  }
}
