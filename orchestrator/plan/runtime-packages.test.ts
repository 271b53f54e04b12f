import { describe, expect, it } from 'vitest'
import type { FleetRuntime } from '../../shared/domain/runtime.ts'
import type { FleetRuntimes } from '../../shared/domain/snapshot.ts'
import { renderNode } from './render/render-node.ts'
import { testingCluster, testingInput } from './render/testing-input.ts'
import { isServerPackage } from './runtime-packages.ts'

const server = { name: 'postgresql-17', version: '17.12-1' }
const vector = { name: 'postgresql-17-pgvector', version: '0.8.0-1' }
const newer: FleetRuntime = {
  id: '17.12-3f9a1c20',
  os: 'debian13',
  postgresVersion: 17,
  serverVersion: '17.12',
  packages: [server],
}
const NONE: FleetRuntimes = { known: { [newer.id]: newer }, ofInstance: {}, ofCluster: {}, staged: {} }

/** Node 2, with pg-main-2 and pg-two-2. */
function rendered(runtimes: Partial<FleetRuntimes>) {
  const plain = testingInput({ packages: [vector, { name: 'patroni', version: '4.0.7-1' }] })
  const [main = testingCluster(), ...others] = plain.spec.clusters
  const withVector = { ...main, template: { schemas: [], extensions: [{ name: 'vector' }] } }
  const input = { ...plain, spec: { ...plain.spec, clusters: [withVector, ...others] } }
  const { runtimes: items = [], links = [] } = renderNode({
    ...input,
    snapshot: { ...input.snapshot, runtimes: { ...NONE, ...runtimes } },
  })
  return { items, targets: Object.fromEntries(links.map(({ path, target }) => [path.split('/')[4], target])) }
}

describe('the runtimes of a node', () => {
  it('are what its instances run, each its own', () => {
    const { items, targets } = rendered({ ofInstance: { 'pg-main-2': newer.id } })
    expect(items).toEqual([{ id: newer.id, postgresVersion: 17, packages: [server, vector] }])
    expect(targets).toEqual({ 'pg-main-2': `/var/lib/drover/runtimes/${newer.id}/usr`, 'pg-two-2': '/usr' })
  })

  it('lie there before anything runs from them', () => {
    const { items, targets } = rendered({ staged: { 'id-2': [newer.id], 'id-1': ['17.13-00000000'] } })
    expect(items).toEqual([{ id: newer.id, postgresVersion: 17, packages: [server] }])
    expect(targets).toEqual({ 'pg-main-2': '/usr', 'pg-two-2': '/usr' })
  })

  it('take no package that only a neighbour needs', () => {
    const { items } = rendered({ ofInstance: { 'pg-two-2': newer.id } })
    expect(items).toEqual([{ id: newer.id, postgresVersion: 17, packages: [server] }])
  })

  it('come with the cluster to its new members, and not to one that was put back', () => {
    const ofCluster = { 'pg-main': newer.id, 'pg-two': newer.id }
    const { targets } = rendered({ ofCluster, ofInstance: { 'pg-two-2': null } })
    expect(targets).toEqual({ 'pg-main-2': `/var/lib/drover/runtimes/${newer.id}/usr`, 'pg-two-2': '/usr' })
  })

  it('hold what is built for one major version, and nothing else', () => {
    const names = ['postgresql-17', 'postgresql-client-17', 'postgresql-plpython3-17', 'timescaledb-2-postgresql-17']
    expect(names.every(name => isServerPackage(name, 17))).toBe(true)
    expect(['postgresql-16', 'postgresql-common', 'libpq5', 'patroni'].some(name => isServerPackage(name, 17))).toBe(
      false,
    )
  })
})
