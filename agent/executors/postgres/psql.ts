import { DroverError } from '../../../shared/domain/errors.ts'
import type { Exec } from '../../host/host.ts'
import { psqlArgv } from './psql-argv.ts'

export interface PsqlTarget {
  readonly socketDirectory: string
  readonly port: number
}

export interface PsqlCall extends PsqlTarget {
  readonly exec: Exec
  readonly database: string
  readonly sql: string
  readonly signal: AbortSignal
}

const TIMEOUT_MS = 600_000

/**
 * Runs SQL as `postgres` over the local socket (peer authentication, no password anywhere) and returns its bare output. The
 * text goes in on standard input, and the server is told not to log it: it may hold password verifiers.
 * Errors: `unavailable` when the server does not answer, `failed` with PostgreSQL's own sentence otherwise.
 */
export async function psql(call: PsqlCall): Promise<string> {
  const { exec, socketDirectory, port, database, signal } = call
  const options = ['--no-psqlrc', '--quiet', '--no-align', '--tuples-only', '--no-password', '--set=ON_ERROR_STOP=1']
  const where = [`--host=${socketDirectory}`, `--port=${port}`, '--username=postgres', `--dbname=${dbname(database)}`]
  const result = await exec({
    argv: psqlArgv(...options, ...where, '--file=-'),
    user: 'postgres',
    stdin: `${PREAMBLE}${call.sql}\n`,
    timeoutMs: TIMEOUT_MS,
    maxOutputBytes: 16 * 1024 * 1024,
    signal,
  })
  if (result.code === 0 && !result.truncated) return result.stdout
  const reason = result.truncated ? 'the answer is longer than 16 MiB' : sentence(result.stderr)
  const message = `PostgreSQL on port ${port} (${database}) refused: ${reason}`
  throw new DroverError(result.code === 2 || LEADS_NO_MORE.test(reason) ? 'unavailable' : 'failed', message)
}

/** Of a server that is being stopped, or that has become a standby since it was asked whether it is one. */
const LEADS_NO_MORE =
  /in a read-only transaction|during recovery|terminating connection due to administrator command|server closed the connection/

/** psql reads a database name that looks like a connection string as one. */
function dbname(name: string): string {
  return `dbname='${name.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

/**
 * Nothing of the session may show in a log, in pg_stat_activity or in the statistics of statements. Settings of the database
 * that would get into the way are undone.
 */
const PREAMBLE = `\\set VERBOSITY terse
SET standard_conforming_strings = on;
SET client_encoding = 'UTF8';
SET log_statement = 'none';
SET log_min_duration_statement = -1;
SET log_min_duration_sample = -1;
SET log_transaction_sample_rate = 0;
SET log_min_error_statement = 'panic';
SET track_activities = off;
SET pg_stat_statements.track = 'none';
SET pgaudit.log = 'none';
SET client_min_messages = 'warning';
SET default_transaction_read_only = off;
SET statement_timeout = 0;
SET lock_timeout = 0;
`

/** The first complaint, and never a verifier, should one be quoted in it. */
function sentence(stderr: string): string {
  const lines = stderr.split('\n').map(line => line.replace(/^psql:(<stdin>:\d+:)?\s*/, '').trim())
  const text =
    lines.find(line => /(ERROR|FATAL|error):/.test(line)) ?? lines.find(line => line !== '') ?? 'no reason given'
  return text.replaceAll(/SCRAM-SHA-256\$\S+/g, '[verifier]')
}
