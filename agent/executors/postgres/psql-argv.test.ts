import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { psqlArgv } from './psql-argv.ts'

/** Runs what is started with a shell that answers for psql. */
function started(...options: readonly string[]): readonly string[] {
  const [shell, flag, script = '', name = '', ...rest] = psqlArgv(...options)
  const told = script.replace(/exec "\$psql"/, 'printf "%s\\n" "$psql"')
  return execFileSync(shell, [flag ?? '', told, name, ...rest], { encoding: 'utf8' })
    .trim()
    .split('\n')
}

it('starts the newest psql itself, or else what is called psql, with its options as they are', () => {
  const [path, ...options] = started('--dbname', "a 'name' with $HOME", '')
  expect(path).toMatch(/^(\/usr\/lib\/postgresql\/\d+\/bin\/)?psql$/)
  expect(options).toEqual(['--dbname', "a 'name' with $HOME"])
})
