import { describe, expect, it } from 'vitest'
import { createAccounts } from './accounts.ts'
import { createHost, type Exec } from './host.ts'

const TEXTS: Readonly<Record<string, string>> = {
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/bash\npostgres:x:104:110:PostgreSQL,,,:/var/lib/postgresql:/bin/bash\n',
  '/etc/group': 'root:x:0:\nssl-cert:x:109:postgres\npostgres:x:110:\n',
}
const files = { ...createHost({ root: '/nonexistent' }).files, readText: async (path: string) => TEXTS[path] ?? null }
const noProgram: Exec = async () => {
  throw new Error('no getent here')
}

describe('accounts', () => {
  it('are read from the files of the host', async () => {
    const accounts = createAccounts({ files, exec: noProgram })
    expect(await accounts.user('postgres')).toEqual({
      name: 'postgres',
      uid: 104,
      gid: 110,
      home: '/var/lib/postgresql',
      shell: '/bin/bash',
    })
    expect(await accounts.gid('ssl-cert')).toBe(109)
    expect(await accounts.user('post')).toBeNull()
    expect(await accounts.gid('absent')).toBeNull()
  })

  it('of other name services are asked from getent', async () => {
    const stdout = 'dba:*:20001:20001:DBA:/home/dba:/bin/sh\n'
    const exec: Exec = async ({ argv }) => ({
      code: argv.at(-1) === 'dba' ? 0 : 2,
      stdout: argv.at(-1) === 'dba' ? stdout : '',
      stderr: '',
      truncated: false,
    })
    const accounts = createAccounts({ files, exec })
    expect(await accounts.user('dba')).toMatchObject({ uid: 20001, home: '/home/dba' })
    expect(await accounts.user('absent')).toBeNull()
  })
})
