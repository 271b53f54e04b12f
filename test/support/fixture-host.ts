import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FilesystemSpace } from '../../agent/host/files-types.ts'
import { type AddressesByInterface, createHost, type Host } from '../../agent/host/host.ts'

/** What a recorded host answered that is not a file. */
export interface RecordedAnswers {
  readonly statfs: Readonly<Record<string, FilesystemSpace>>
  readonly addresses: AddressesByInterface
  /** Output of programs by their command line; any other program does not exist there. */
  readonly programs: Readonly<Record<string, string>>
}

export const FIXTURE_HOSTS = join(import.meta.dirname, '../fixtures/hosts')

/** A host of test/fixtures/hosts: its files below `root/`, its other answers in `answers.json`. */
export function fixtureHost(name: string): Host {
  const directory = join(FIXTURE_HOSTS, name)
  const answers = JSON.parse(readFileSync(join(directory, 'answers.json'), 'utf8')) as RecordedAnswers
  const host = createHost({ root: join(directory, 'root') })
  return {
    ...host,
    files: { ...host.files, statfs: async path => answers.statfs[path] ?? null },
    exec: async options => {
      const stdout = answers.programs[options.argv.join(' ')]
      return stdout === undefined ? host.exec(options) : { code: 0, stdout, stderr: '', truncated: false }
    },
    addresses: async () => answers.addresses,
  }
}
