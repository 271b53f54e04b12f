import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'

/** A pipe takes less than that before somebody reads. */
const MORE_THAN_A_PIPE = 300_000

it('is whole, however long it is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'drover-piped-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const [spec, facts] = [join(folder, 'fleet.yml'), join(folder, 'hosts.json')]
  const names = Array.from({ length: 60 }, (_, index) => `pg-${index}`)
  const clusters = names.map(name => `  - { name: ${name}, members: 3, workload: tiny }`)
  await writeFile(spec, ['version: 1', 'fleet: { name: paper }', 'clusters:', ...clusters, ''].join('\n'))
  const hardware = { cores: 64, memoryBytes: 2 ** 38, disks: [{ kind: 'nvme', sizeBytes: 4e12 }] }
  const nodes = Array.from({ length: 30 }, (_, index) => ({ name: `node-${index}`, hardware }))
  await writeFile(facts, JSON.stringify({ nodes }))
  const drover = new URL('../../deploy/bin/drover', import.meta.url).pathname
  const argv = ['plan', '-f', spec, '--facts', facts, '--json']
  const { stdout } = await promisify(execFile)(drover, argv, { maxBuffer: 64_000_000 })
  expect(stdout.length).toBeGreaterThan(MORE_THAN_A_PIPE)
  expect(JSON.parse(stdout)).toHaveProperty('changes')
})
