import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { runCli } from '../support/cli-run.ts'
import { minimalFacts } from '../support/minimal-facts.ts'
import { noPackages } from '../support/no-packages.ts'
import { OrchestratorFixture } from '../support/orchestrator-fixture.ts'

const FLEET = `
version: 1
fleet: { name: test }
etcd: { members: 1 }
clusters:
  - { name: pg, members: 1 }
`

describe('what `drover node list --json --packages` writes', () => {
  let fixture: OrchestratorFixture
  let listed: string

  beforeAll(async () => {
    fixture = await OrchestratorFixture.create()
    const versions = async ({ names }: { readonly names: readonly string[] }) =>
      Object.fromEntries(
        names.map(name => [name, name.includes('timescaledb') ? [] : [{ version: '9.9-1', pooled: false }]]),
      )
    await fixture.start({ openPackages: async () => ({ ...noPackages(), versions }) })
    const session = await (await fixture.enrolled('node-1')).connect()
    session.send({ factsJson: Buffer.from(JSON.stringify(minimalFacts())) })
    await fixture.enrolled('node-2')
    await vi.waitFor(async () => {
      expect((await fixture.api.ListNodes({})).nodes.map(({ os }) => os)).toContain('debian13')
    })
    listed = (await runCli(['node', 'list', '--json', '--packages'], { api: fixture.api })).out
  })
  afterAll(() => fixture.remove())

  it('has the facts of each host, and the packages on offer for each OS', () => {
    const { nodes, packages } = JSON.parse(listed) as {
      nodes: readonly Record<string, unknown>[]
      packages: Record<string, Record<string, string>>
    }
    expect(nodes).toMatchObject([
      { name: 'node-1', os: 'debian13', facts: { cpu: { effective: { value: 8, source: 'sysfs' } } } },
      { name: 'node-2', os: '' },
    ])
    expect(nodes[1]).not.toHaveProperty('facts')
    expect(packages['debian13']).toMatchObject({
      patroni: '9.9-1',
      'postgresql-18': '9.9-1',
      'postgresql-17-pgvector': '9.9-1',
    })
    expect(packages['debian13']).not.toHaveProperty('postgresql-17-timescaledb')
  })

  it('can be planned with, without asking the orchestrator again', async () => {
    const shown = await onPaper(FLEET)
    expect(shown).toContain('+ instance pg-1')
    expect(shown).not.toContain('on offer')
  })

  it('is not needed where the orchestrator is asked, which then also knows what could move', async () => {
    const request = { specYaml: FLEET, fileName: 'fleet.yml' }
    expect((await fixture.api.Plan(request)).rebalance).toBeNull()
    const planned = await fixture.api.Plan({ ...request, rebalance: true, maxMoves: 1 })
    expect(planned.rebalance).toMatchObject({ moves: [] })
    expect(planned.layout?.nodes.map(({ node }) => node)).toContain('node-1')
  })

  it('knows what is not on offer', async () => {
    const database = 'databases: [{ name: app, owner: app, extensions: [timescaledb] }]'
    const fleet = FLEET.replace(
      '{ name: pg, members: 1 }',
      `{ name: pg, members: 1, users: [{ name: app }], ${database} }`,
    )
    await expect(onPaper(fleet)).rejects.toMatchObject({
      code: 'invalid',
      problems: expect.arrayContaining([expect.objectContaining({ message: expect.stringContaining('timescaledb') })]),
    })
  })

  async function onPaper(fleet: string): Promise<string> {
    const files = { 'fleet.yml': fleet, 'hosts.json': listed }
    return (await runCli(['plan', '-f', 'fleet.yml', '--facts', 'hosts.json'], { files })).out
  }
})
