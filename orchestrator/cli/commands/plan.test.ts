import { describe, expect, it } from 'vitest'
import { runCli } from '../../../test/support/cli-run.ts'
import { EXIT } from '../exit-codes.ts'

const GIB = 1024 ** 3
const HOSTS = [1, 2, 3].map(index => ({
  name: `db-${index}`,
  labels: { zone: 'abc'[index - 1] ?? '' },
  hardware: { cores: 8, memoryBytes: 32 * GIB, disks: [{ kind: 'nvme', sizeBytes: 1e12 }] },
}))
const FLEET = `
version: 1
fleet: { name: paper }
clusters:
  - { name: pg-main, members: 3 }
`

describe('a plan for hosts that are only on paper', () => {
  it('is made without an orchestrator, and says that nobody looked for packages', async () => {
    const { out } = await drover(['plan', '-f', 'fleet.yml', '--facts', 'hosts.json'])
    expect(out).toContain('+ cluster pg-main')
    expect(out).toMatch(/warning hosts\.json does not say whether [^]* are on offer: taken as\s+given/)
    expect(out).toMatch(/^Plan [0-9a-f]{16}: \d+ to create, 0 to update, 0 to remove, in \d+ phases\.$/m)
  })

  it('counts on what the file says is on offer', async () => {
    const known = { nodes: HOSTS, packages: { debian13: { patroni: '4.0.7-1' } } }
    const planning = drover(['plan', '-f', 'fleet.yml', '--facts', 'hosts.json'], {
      'hosts.json': JSON.stringify(known),
    })
    await expect(planning).rejects.toMatchObject({
      code: 'invalid',
      problems: expect.arrayContaining([expect.objectContaining({ severity: 'error' })]),
    })
  })

  it('is the same each time, as JSON with the fields of the API', async () => {
    const words = ['plan', '-f', 'fleet.yml', '--facts', 'hosts.json', '--json']
    const [first, second] = [await drover(words), await drover(words)]
    expect(first.out).toBe(second.out)
    expect(Object.keys(JSON.parse(first.out) as object)).toEqual(
      expect.arrayContaining([
        'planId',
        'baseRevision',
        'changes',
        'problems',
        'placements',
        'settings',
        'kernel',
        'layout',
      ]),
    )
  })

  it('tells scripts by its exit code that there are changes', async () => {
    expect((await drover(['plan', '-f', 'fleet.yml', '--facts', 'hosts.json', '--exit-code'])).code).toBe(EXIT.changes)
  })

  it('reports a spec that cannot be as it does with an orchestrator', async () => {
    const four = { 'fleet.yml': FLEET.replace('members: 3', 'members: 4') }
    await expect(drover(['plan', '-f', 'fleet.yml', '--facts', 'hosts.json'], four)).rejects.toMatchObject({
      code: 'invalid',
      problems: [expect.objectContaining({ code: 'too-few-nodes', line: 5 })],
    })
  })
})

describe('an explanation', () => {
  const explain = ['plan', '-f', 'fleet.yml', '--facts', 'hosts.json', '--explain']

  it('says why each member is where it is, and from which fact each setting came', async () => {
    const { out } = await drover(explain)
    expect(out).toMatch(/^placement of pg-main$/m)
    expect(out).toMatch(/^ {2}pg-main-1 on db-\d: /m)
    expect(out).toMatch(/^PostgreSQL settings of pg-main$/m)
    expect(out).toMatch(/^ {2}shared_buffers = \d+[kMG]B/m)
    expect(out).toContain('(assumed)')
  })

  it('fits a terminal of 80 columns', async () => {
    const { out } = await drover(explain)
    expect(out.split('\n').filter(line => line.length > 80)).toEqual([])
  })

  it('of one setting shows it alone', async () => {
    const { out } = await drover([...explain, 'work_mem'])
    expect(out).toMatch(/^PostgreSQL settings of pg-main\n {2}work_mem = /)
    expect(out).not.toContain('shared_buffers =')
  })

  it('finds what Patroni is told by the name that Patroni has for it', async () => {
    const { out } = await drover([...explain, 'maximum_lag_on_failover'])
    expect(out).toMatch(/^Patroni settings of pg-main\n {2}patroni.maximum_lag_on_failover = 1048576 {2}\(reload\)/)
    expect(out).toContain('from clusters.pg-main.failoverLag')
  })

  it('offers the nearest name for one that the plan does not have', async () => {
    await expect(drover([...explain, 'work_men'])).rejects.toMatchObject({
      code: 'invalid',
      message: 'this plan sets no work_men',
      hint: 'Did you mean `work_mem`?',
    })
  })
})

describe('a picture', () => {
  const plan = ['plan', '-f', 'fleet.yml', '--facts', 'hosts.json']

  it('goes to standard output instead of the plan', async () => {
    expect((await drover([...plan, '--graph', 'svg'])).out).toMatch(/^<svg [^]*<\/svg>\n$/)
    expect((await drover([...plan, '--graph', 'mermaid'])).out).toMatch(/^flowchart TB\n/)
  })

  it('goes into a file beside the plan', async () => {
    const { out, written } = await drover([...plan, '--graph', 'svg', '--output', 'fleet.svg'])
    expect(written['fleet.svg']).toContain('<svg ')
    expect(out).toContain('+ cluster pg-main')
  })

  it.each([
    [['--output', 'fleet.svg'], 'none is asked for'],
    [['--graph', 'svg', '--json'], 'both want standard output'],
  ])('%j contradicts itself', async (words, message) => {
    await expect(drover([...plan, ...words])).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining(message),
    })
  })
})

function drover(words: readonly string[], files: Readonly<Record<string, string>> = {}) {
  return runCli(words, { files: { 'fleet.yml': FLEET, 'hosts.json': JSON.stringify({ nodes: HOSTS }), ...files } })
}
