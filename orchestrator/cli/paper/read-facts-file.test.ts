import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { DroverError } from '../../../shared/domain/errors.ts'
import { aNode } from '../../../test/support/snapshot-builder.ts'
import { readFactsFile } from './read-facts-file.ts'

const GIB = 1024 ** 3
const HARDWARE = { cores: 8, memoryBytes: 32 * GIB, disks: [{ kind: 'nvme', sizeBytes: 1e12 }] }

describe('hosts that are not bought yet', () => {
  it('need a name, cores and memory; the rest is what Drover is tested on', () => {
    const { nodes, assumed } = read({ nodes: [{ name: 'db-1', hardware: HARDWARE }] })
    expect(nodes).toMatchObject([{ id: 'db-1', state: 'ready', os: 'debian13', labels: {}, address: '198.18.0.1' }])
    expect(assumed).toEqual(new Set(['db-1']))
    const facts = nodes[0]?.facts
    expect(facts?.memory.effectiveBytes).toEqual({ value: 32 * GIB, source: 'assumed' })
    expect(facts?.cpu.effective).toEqual({ value: 8, source: 'assumed' })
    expect(facts?.fsync).toBeUndefined()
  })

  it('keep their data on the fastest kind of disk, and of these on the largest', () => {
    const disks = [
      { kind: 'hdd', sizeBytes: 8e12 },
      { kind: 'nvme', sizeBytes: 5e11 },
      { kind: 'nvme', name: 'nvme7n1', sizeBytes: 1e12 },
    ]
    const { nodes } = read({ nodes: [{ name: 'db-1', hardware: { ...HARDWARE, disks } }] })
    expect(nodes[0]?.facts?.filesystems).toMatchObject([{ device: '/dev/nvme7n1', sizeBytes: 1e12 }])
  })

  it('have addresses of their own, however many they are', () => {
    const many = Array.from({ length: 1000 }, (_, index) => ({ name: `db-${index}`, hardware: HARDWARE }))
    expect(new Set(read({ nodes: many }).nodes.map(({ address }) => address)).size).toBe(1000)
  })
})

describe('hosts that an orchestrator lists', () => {
  const { facts } = aNode({ name: 'db-1' })
  const listed = { name: 'db-1', id: '0190', state: 'draining', address: '10.0.0.1', generation: 1, os: 'debian12' }

  it('are taken as they were reported', () => {
    const { nodes, assumed } = read({ nodes: [{ ...listed, hardware: HARDWARE, facts }] })
    expect(nodes).toEqual([
      { id: '0190', name: 'db-1', state: 'draining', address: '10.0.0.1', labels: {}, os: 'debian12', facts },
    ])
    expect(assumed.size).toBe(0)
  })

  it('may have reported nothing yet, and are left out once they are removed', () => {
    const { nodes } = read({
      nodes: [
        { ...listed, os: '', hardware: null },
        { ...listed, name: 'db-2', state: 'removed' },
      ],
    })
    expect(nodes).toEqual([{ id: '0190', name: 'db-1', state: 'draining', address: '10.0.0.1', labels: {} }])
  })
})

describe('what agents have reported of real machines', () => {
  const machines = new URL('../../../test/fixtures/hosts/', import.meta.url)

  it.each(readdirSync(machines))('is read as it is: %s', name => {
    const facts: unknown = JSON.parse(readFileSync(new URL(`${name}/expected.json`, machines), 'utf8'))
    const { nodes } = read({ nodes: [{ name, facts }] })
    expect(nodes[0]?.facts).toEqual(facts)
    expect(nodes[0]?.os).toMatch(/^[a-z]+[0-9.]+$/)
  })
})

describe('a facts file that cannot be right', () => {
  const good = { name: 'db-1', hardware: HARDWARE }
  it.each([
    ['no host', { nodes: [] }, 'nodes', 'names no host'],
    ['a key that nobody knows', { nodes: [{ ...good, lables: {} }] }, 'nodes[0].lables', 'unknown key'],
    [
      'one inside the hardware',
      { nodes: [{ name: 'db-1', hardware: { ...HARDWARE, memory: 1 } }] },
      'nodes[0].hardware.memory',
      'unknown key',
    ],
    ['a host of which nothing is said', { nodes: [{ name: 'db-1' }] }, 'nodes[0].hardware', 'needs `cores`'],
    ['two hosts of one name', { nodes: [good, good] }, 'nodes[1].name', 'nodes[0] is called db-1 already'],
    [
      'a size in words',
      { nodes: [{ name: 'db-1', hardware: { ...HARDWARE, memoryBytes: '32GB' } }] },
      'nodes[0].hardware.memoryBytes',
      'expected number, received string',
    ],
    [
      'a fact without its source',
      { nodes: [{ name: 'db-1', facts: { ...aNode({ name: 'db-1' }).facts, glibc: '2.41' } }] },
      'nodes[0].facts.glibc',
      'must be { "value", "source" }',
    ],
    [
      'versions without an OS',
      { nodes: [good], packages: { patroni: '4.0.7' } },
      'packages.patroni',
      'expected record',
    ],
  ])('%s is refused with its place', (_what, content, path, message) => {
    expect(problemsOf(content)).toContainEqual(
      expect.objectContaining({ path, message: expect.stringContaining(message) }),
    )
  })

  it('that is no JSON says so', () => {
    expect(() => readFactsFile('nodes: []', 'hosts.json')).toThrow('hosts.json is not JSON')
  })

  it('offers the key that was meant', () => {
    expect(problemsOf({ nodes: [{ ...good, lables: {} }] })[0]?.hint).toBe('Did you mean `labels`?')
  })
})

function read(content: unknown) {
  return readFactsFile(JSON.stringify(content), 'hosts.json')
}

function problemsOf(content: unknown) {
  try {
    read(content)
  } catch (error) {
    expect(error).toMatchObject({ code: 'invalid' })
    return DroverError.from(error).problems
  }
  throw new Error('the file was read')
}
