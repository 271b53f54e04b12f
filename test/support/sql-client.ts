import { fileURLToPath } from 'node:url'
import type { Lab } from '../../deploy/lab/lab.ts'
import { startNdjsonChild } from './ndjson-child.ts'

export interface SqlRequest {
  /** The first host of the URL is asked, in a connection of its own. */
  readonly url: string
  readonly sql: string
  readonly timeoutMs: number
}

export type Row = Readonly<Record<string, unknown>>

export interface SqlClient extends AsyncDisposable {
  /** Rows of one statement. Throws what the connection or the server says. */
  readonly query: (url: string, sql: string, timeoutMs?: number) => Promise<readonly Row[]>
  readonly close: () => Promise<void>
}

const entry = fileURLToPath(new URL('sql-client-main.ts', import.meta.url))

/** Asks databases of a lab, whose network this process is not in. */
export async function openSqlClient(lab: Lab): Promise<SqlClient> {
  const child = startNdjsonChild(await lab.inNamespaceCommand([process.execPath, entry]))
  return {
    query: (url, sql, timeoutMs = 5000) => child.call('query', { url, sql, timeoutMs }) as Promise<readonly Row[]>,
    close: child.close,
    [Symbol.asyncDispose]: child.close,
  }
}
