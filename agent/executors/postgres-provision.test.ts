import { describe, expect, it } from 'vitest'
import type { ProvisionArgs } from '../../shared/domain/command.ts'
import type { ExecOptions } from '../host/exec.ts'
import { createPostgresProvision } from './postgres-provision.ts'

const VERIFIER = 'SCRAM-SHA-256$4096:c2FsdA==$a:b'

const ARGS: ProvisionArgs = {
  instance: 'pg-main-1',
  socketDirectory: '/run/drover-pg/pg-main-1',
  port: 5442,
  roles: [
    {
      name: 'app',
      passwordVerifier: VERIFIER,
      attributes: {
        login: true,
        superuser: false,
        createdb: false,
        createrole: false,
        inherit: true,
        replication: false,
        bypassrls: false,
      },
      memberOf: [],
      parameters: {},
    },
  ],
  databases: [
    {
      name: "it's",
      owner: 'app',
      isTemplate: false,
      allowConnections: true,
      revokePublicConnect: false,
      schemas: [{ name: 'app' }],
      extensions: [],
      parameters: {},
    },
  ],
  template: { schemas: [], extensions: [] },
  privileges: [],
  dryRun: false,
}

/** A psql that answers the state queries from a script and takes every other text. */
function scripted(answers: { readonly inRecovery?: boolean; readonly fail?: string }) {
  const calls: ExecOptions[] = []
  const exec = async (options: ExecOptions) => {
    calls.push(options)
    const text = String(options.stdin)
    const state = { inRecovery: answers.inRecovery ?? false, versionNumber: 170_012, roles: [], databases: [] }
    const content = { schemas: [], extensions: [], privileges: [] }
    const fails = answers.fail !== undefined && text.includes('CREATE ROLE')
    const stdout = text.includes('pg_is_in_recovery') ? JSON.stringify(state) : JSON.stringify(content)
    return { code: fails ? 3 : 0, stdout, stderr: fails ? (answers.fail ?? '') : '', truncated: false }
  }
  return { exec, calls }
}

function run(host: ReturnType<typeof scripted>, args = ARGS) {
  return createPostgresProvision(host)({ args, signal: new AbortController().signal, progress: () => undefined })
}

describe('postgres.provision', () => {
  it('runs psql as postgres over the socket, with everything secret on standard input', async () => {
    const host = scripted({})
    await run(host)
    for (const call of host.calls) {
      expect(call.user).toBe('postgres')
      expect(call.argv).toContain('--host=/run/drover-pg/pg-main-1')
      expect(call.argv.join(' ')).not.toContain('SCRAM')
      expect(call.stdin).toContain("SET log_statement = 'none'")
    }
    expect(host.calls.some(call => String(call.stdin).includes(`PASSWORD '${VERIFIER}'`))).toBe(true)
    expect(host.calls.at(-1)?.argv).toContain("--dbname=dbname='it\\'s'")
  })

  it('tells what it did', async () => {
    const result = await run(scripted({}))
    expect(result).toEqual({
      dryRun: false,
      changes: ['create role app', "create database it's", "create schema app in it's"],
    })
  })

  it('changes nothing in a dry run and tells the same', async () => {
    const host = scripted({})
    const result = await run(host, { ...ARGS, dryRun: true })
    expect(result.changes).toHaveLength(3)
    expect(host.calls.filter(call => /CREATE|ALTER/.test(String(call.stdin)))).toEqual([])
  })

  it('leaves a standby alone', async () => {
    const host = scripted({ inRecovery: true })
    await expect(run(host)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('pg-main-1 is a standby'),
    })
    expect(host.calls).toHaveLength(1)
  })

  it('passes on what PostgreSQL complains of, but no verifier', async () => {
    const fail = `psql:<stdin>:9: ERROR:  bad password ${VERIFIER}\n`
    await expect(run(scripted({ fail }))).rejects.toMatchObject({
      code: 'failed',
      message: 'PostgreSQL on port 5442 (postgres) refused: ERROR:  bad password [verifier]',
    })
  })
})
