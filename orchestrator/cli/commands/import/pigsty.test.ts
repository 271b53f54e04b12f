import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PIGSTY_FIXTURES } from '../../../../test/support/pigsty.ts'
import { parseSpec } from '../../../spec/parse-spec.ts'
import type { Cli } from '../../cli.ts'
import { unreadableFile } from '../../explain-failure.ts'
import { createProgram } from '../../program.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-import-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const SINGLE = join(PIGSTY_FIXTURES, 'single.yml')

describe('drover import pigsty', () => {
  it('prints a fleet file and, apart from it, what became of the inventory', async () => {
    const { out, err } = await run([SINGLE, '--fleet', 'shops'])
    const parsed = parseSpec(out, 'fleet.yml')
    expect('spec' in parsed && parsed.spec.fleet.name).toBe('shops')
    expect(err).toMatch(/^\d+ mapped, \d+ unsupported, \d+ not applicable\n$/)
  })

  it('names in the head of the file what is not carried over', async () => {
    const { out } = await run([join(PIGSTY_FIXTURES, 'fleet.yml')])
    expect(out).toMatch(/^# Made by `drover import pigsty` from fleet.yml.\n/)
    expect(out).toContain('# - redis_cluster: Drover runs PostgreSQL, no Redis. Instead: keep Redis where it is.')
  })

  it('takes baselines that lie where Pigsty looks for them', async () => {
    const { out } = await run([SINGLE])
    expect(out).toContain('CREATE TABLE goods')
  })

  it('writes a file that only its owner can read', async () => {
    const file = join(folder, 'fleet.yml')
    const { out } = await run([SINGLE, '-o', file])
    expect(out).toBe('')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect('spec' in parseSpec(await readFile(file, 'utf8'), 'fleet.yml')).toBe(true)
  })

  it('prints the report instead', async () => {
    const { out } = await run([SINGLE, '--report'])
    expect(out).toMatch(/^LINE +VALUE +TREATMENT +WHAT BECOMES OF IT\n/)
    expect(out).toMatch(/21 +all\.vars\.pg_conf +mapped +clusters\[\]\.workload/)
  })

  it('prints file and report as JSON', async () => {
    const { out } = await run([SINGLE, '--json'])
    const { file, summary, report } = JSON.parse(out)
    expect(file).toMatchObject({ version: 1, fleet: { name: 'pigsty' } })
    expect(summary.mapped + summary.unsupported + summary.notApplicable).toBe(report.length)
  })

  it('follows a symbolic link that was checked out as text', async () => {
    await writeFile(join(folder, 'other.yml'), await readFile(SINGLE, 'utf8'))
    await writeFile(join(folder, 'link.yml'), '../other.yml')
    expect((await run([join(folder, 'link.yml')])).out).toContain('pg-shop')
  })

  it('says where it cannot write', async () => {
    await expect(run([SINGLE, '-o', join(folder, 'no-such-folder', 'fleet.yml')])).rejects.toMatchObject({
      message: expect.stringContaining('no-such-folder'),
    })
  })

  it('refuses what is no inventory, with the place', async () => {
    const file = join(folder, 'wrong.yml')
    await writeFile(file, 'all:\n  children: 3\n')
    await expect(run([file])).rejects.toMatchObject({
      code: 'invalid',
      problems: [expect.objectContaining({ path: 'all.children', line: 2 })],
    })
  })
})

async function run(words: readonly string[]): Promise<{ readonly out: string; readonly err: string }> {
  const [out, err]: [string[], string[]] = [[], []]
  const output = (texts: string[]) => ({
    write: (text: string) => void texts.push(text),
    interactive: false,
    color: false,
    columns: 100,
  })
  const cli: Cli = {
    terminal: { out: output(out), err: output(err) },
    signal: new AbortController().signal,
    environment: {},
    connect: () => Promise.reject(new Error('an import needs no orchestrator')),
    readFile: path =>
      readFile(path, 'utf8').catch((cause: unknown) => {
        throw unreadableFile(path, cause)
      }),
    writeFile: () => Promise.reject(new Error('what an import writes is not for everybody')),
    setExitCode: () => undefined,
  }
  await createProgram(cli, '0.0.0').parseAsync(['node', 'drover', 'import', 'pigsty', ...words])
  return { out: out.join(''), err: err.join('') }
}
