import { describe, expect, it } from 'vitest'
import { renderNode } from './render-node.ts'
import { testingCluster, testingInput } from './testing-input.ts'

const manifest = renderNode(testingInput())

describe('the manifest of a node', () => {
  it('is the same text for the same input', () => {
    expect(JSON.stringify(renderNode(testingInput()))).toBe(JSON.stringify(manifest))
  })

  it('names every path once, absolute and plain', () => {
    for (const items of [manifest.files, manifest.directories]) {
      const paths = items.map(item => item.path)
      expect(new Set(paths).size).toBe(paths.length)
      for (const path of paths) expect(path).toMatch(/^\/[a-zA-Z0-9@._/-]+$/)
    }
  })

  it('makes every directory that a file or certificate lies in', () => {
    const known = new Set(manifest.directories.map(item => item.path))
    const fromPackages = ['/etc/systemd/system', '/etc/postgresql-common/createcluster.d']
    const paths = [...manifest.files.map(item => item.path), ...manifest.certificates.map(item => item.keyPath)]
    for (const path of paths) {
      const parent = path.slice(0, path.lastIndexOf('/'))
      expect(known.has(parent) || fromPackages.includes(parent), path).toBe(true)
    }
  })

  it('brings a file for each of its units, and reacts only with units it has', () => {
    const files = new Set(manifest.files.map(item => item.path))
    const units = manifest.units.map(item => item.name)
    const unitFile = (unit: string) => `/etc/systemd/system/${unit.replace(/@.*\.service$/, '@.service')}`
    for (const unit of manifest.units.filter(item => item.enablement !== 'masked')) {
      expect(files.has(unitFile(unit.name)), unit.name).toBe(true)
    }
    const reactions = [...manifest.files, ...manifest.certificates].flatMap(item => item.reactions)
    for (const { unit, verb } of reactions) {
      if (verb === 'daemon-reload') expect(files.has(`/etc/systemd/system/${unit}`), unit).toBe(true)
      else expect(units, unit).toContain(unit)
    }
  })

  it('masks what Debian would start by itself', () => {
    const masked = manifest.units.filter(unit => unit.enablement === 'masked').map(unit => unit.name)
    expect(masked).toEqual([
      'etcd.service',
      'haproxy.service',
      'patroni.service',
      'pgbouncer.service',
      'postgresql.service',
    ])
    const dropIn = manifest.files.find(file => file.path.startsWith('/etc/postgresql-common'))
    expect(dropIn).toMatchObject({
      beforePackages: true,
      content: expect.stringContaining('create_main_cluster = false'),
    })
  })

  it('holds placeholders for secrets, and only in files that are marked and closed to others', () => {
    const withSecrets = manifest.files.filter(file => /\$\{(secret|scram):/.test(file.content))
    expect(withSecrets.map(file => file.path)).toEqual([
      '/etc/drover/patroni/pg-main-2/patroni.yml',
      '/etc/drover/pgbouncer/pg-main-2/users.txt',
      '/etc/drover/patroni/pg-two-2/patroni.yml',
      '/etc/drover/pgbouncer/pg-two-2/users.txt',
    ])
    for (const file of withSecrets) expect(file).toMatchObject({ secret: true, mode: '0640', owner: 'root' })
    for (const file of manifest.files) expect(file.content).not.toMatch(/password: (?!"\$\{secret)/)
  })

  it('gives two clusters on one node no path, port or unit in common but the shared templates', () => {
    const of = (cluster: string) =>
      renderNode(testingInput({ spec: { ...testingInput().spec, clusters: [testingCluster({ name: cluster })] } }))
    const [main, two] = [of('pg-main'), of('pg-two')]
    const ports = (text: string) => new Set(text.match(/\b(54|64|80)\d\d\b/g) ?? [])
    const text = (one: typeof main) =>
      one.files
        .filter(file => /pg-(main|two)/.test(file.path))
        .map(file => file.content)
        .join('\n')
    expect([...ports(text(main))].filter(port => ports(text(two)).has(port))).toEqual([])
    const shared = main.files.map(file => file.path).filter(path => two.files.some(file => file.path === path))
    expect(shared.filter(path => path.includes('pg-'))).toEqual([])
  })

  it('starts only what the stage says and never stops anything', () => {
    const early = renderNode(testingInput({ stage: { startEtcd: true, start: new Set(), services: new Set() } }))
    const states = early.units
      .filter(unit => unit.enablement !== 'masked')
      .map(unit => [unit.name, unit.enablement, unit.state])
    expect(states[0]).toEqual(['drover-etcd.service', 'enabled', 'started'])
    for (const [, enablement, state] of states.slice(1)) expect([enablement, state]).toEqual(['unmanaged', 'unmanaged'])
    expect(early.files).toEqual(manifest.files)
  })

  it('names the ports of every unit that it starts, none of them twice, and no ports of those it leaves alone', () => {
    const started = manifest.units.filter(unit => unit.state === 'started')
    expect(started.slice(0, 5).map(unit => [unit.name, unit.listens])).toEqual([
      ['drover-etcd.service', [2379, 2380]],
      ['drover-patroni@pg-main-2.service', [5432, 8008]],
      ['drover-haproxy@pg-main.service', [5433, 5434, 5435, 5436, 5438]],
      ['drover-pgbouncer-rw@pg-main-2.service', [6432]],
      ['drover-pgbouncer-ro@pg-main-2.service', [6433]],
    ])
    const all = started.flatMap(unit => unit.listens ?? [])
    expect([all.length, new Set(all).size]).toEqual([20, 20])
    const early = renderNode(testingInput({ stage: { startEtcd: false, start: new Set(), services: new Set() } }))
    expect(early.units.filter(unit => unit.listens !== undefined)).toEqual([])
  })

  it('is empty for a node without members, but for packages', () => {
    const input = testingInput({ allocations: { etcd: null, clusters: {} } })
    const empty = renderNode({ ...input, spec: { ...input.spec, clusters: [] } })
    expect(empty).toMatchObject({ files: [], units: [], directories: [], certificates: [], watches: { instances: [] } })
  })

  it('tells the agent what to watch', () => {
    expect(manifest.watches.etcd).toMatchObject({ name: 'etcd-node-2', clientUrl: 'https://127.0.0.1:2379' })
    expect(manifest.watches.instances.map(watch => [watch.instance, watch.postgresPort, watch.patroniUrl])).toEqual([
      ['pg-main-2', 5432, 'https://127.0.0.1:8008'],
      ['pg-two-2', 5442, 'https://127.0.0.1:8018'],
    ])
  })
})
