import { describe, expect, it } from 'vitest'
import type { Upgrade__Output } from '../../../../proto/gen/drover/v1/Upgrade.ts'
import type { UpgradeCluster__Output } from '../../../../proto/gen/drover/v1/UpgradeCluster.ts'
import { upgradeSvg } from './svg.ts'
import { renderUpgradeReport, renderUpgradeStatus } from './table.ts'

const BEGUN = Date.UTC(2026, 10, 23, 2)
const out = { write: () => undefined, interactive: false, color: false, columns: 200 }

function cluster(name: string, wave: string, change: Partial<UpgradeCluster__Output> = {}): UpgradeCluster__Output {
  return {
    name,
    wave,
    state: 'waiting',
    operationId: '',
    serverVersion: '',
    version: '',
    component: '',
    because: '',
    phases: [],
    activity: null,
    activityBefore: null,
    ...change,
  }
}

function upgraded(name: string, wave: string, from: number): UpgradeCluster__Output {
  const at = (seconds: number): number => BEGUN + (from + seconds) * 1000
  const phase = (kind: string, phaseName: string, begin: number, end: number) => ({
    kind,
    name: phaseName,
    begunAtMs: at(begin),
    endedAtMs: at(end),
  })
  return cluster(name, wave, {
    state: 'upgraded',
    operationId: `op-${name}`,
    begunAtMs: at(0),
    endedAtMs: at(75),
    serverVersion: '17.12',
    version: '17.12',
    stallMs: 740,
    readStallMs: 910,
    phases: [
      phase('prepare', 'lay out', 0, 12),
      phase('members', `upgrade ${name}-2`, 12, 35),
      phase('switchover', `switch over to ${name}-2`, 35, 44),
      phase('watch', 'watch', 60, 75),
    ],
    activity: { tookMs: 63_000, transactions: 12_345, commits: 20_000, rollbacks: 20, killed: 8, errors: 3 },
    activityBefore: { tookMs: 3_600_000, commits: 900_000, rollbacks: 1_000 },
  })
}

const UPGRADE: Upgrade__Output = {
  operationId: '0198c0de-0000-7000-8000-000000000001',
  of: 'clusters',
  state: 'running',
  subject: '5 clusters to 17.12',
  createdAtMs: BEGUN,
  nowMs: BEGUN + 320_000,
  failure: null,
  waves: [
    { name: 'canary', begunAtMs: BEGUN + 20_000, watchedAtMs: BEGUN + 95_000, endedAtMs: BEGUN + 155_000 },
    { name: 'wave 1 of 2', begunAtMs: BEGUN + 155_000 },
    { name: 'wave 2 of 2' },
  ],
  clusters: [
    upgraded('pg-dev', 'canary', 20),
    upgraded('pg-shop', 'wave 1 of 2', 155),
    cluster('pg-bank', 'wave 1 of 2', {
      state: 'failed',
      begunAtMs: BEGUN + 156_000,
      endedAtMs: BEGUN + 230_000,
      because: 'pg-bank-2 does not start: FATAL: could not access file "<oops>"',
      phases: [
        { kind: 'prepare', name: 'lay out', begunAtMs: BEGUN + 156_000, endedAtMs: BEGUN + 170_000 },
        { kind: 'members', name: 'upgrade pg-bank-2', begunAtMs: BEGUN + 170_000, endedAtMs: BEGUN + 200_000 },
        { kind: 'back', name: 'lead back', begunAtMs: BEGUN + 200_000, endedAtMs: BEGUN + 230_000 },
      ],
    }),
    cluster('pg-mail', 'wave 1 of 2', {
      state: 'running',
      operationId: 'op-pg-mail',
      begunAtMs: BEGUN + 290_000,
      phases: [{ kind: 'members', name: 'upgrade pg-mail-2', begunAtMs: BEGUN + 300_000 }],
    }),
    cluster('pg-wiki', 'wave 2 of 2'),
  ],
}

describe('the picture of an upgrade', () => {
  /** `npm run test:unit -- render/upgrade -u` draws it anew; look at it before you commit it. */
  it('has a line a cluster below its wave', async () => {
    const file = new URL('../../../../docs/images/upgrade.svg', import.meta.url).pathname
    await expect(upgradeSvg(UPGRADE)).toMatchFileSnapshot(file)
  })

  it('has room for five hundred clusters, none over another', () => {
    const clusters = Array.from({ length: 500 }, (_, index) =>
      upgraded(`pg-${index}`, index < 250 ? 'canary' : 'wave 2 of 2', index),
    )
    const svg = upgradeSvg({ ...UPGRADE, clusters, nowMs: BEGUN + 600_000 })
    const names = [...svg.matchAll(/<text x="34" y="(\d+(?:\.\d+)?)"[^>]*>(pg-\d+)</g)]
    expect(names.map(([, , name]) => name)).toEqual(clusters.map(({ name }) => name))
    const heights = names.map(([, y]) => Number(y))
    expect(heights.every((y, index) => index === 0 || y - (heights[index - 1] ?? 0) >= 13)).toBe(true)
    const height = Number(/height="(\d+)"/.exec(svg)?.[1])
    expect(height).toBeGreaterThan(heights.at(-1) ?? 0)
    expect(height).toBeLessThan(8_000)
    expect(svg.match(/<title>/g)?.length).toBeGreaterThanOrEqual(2_000)
  })

  it('is drawn of an upgrade that has only just begun', () => {
    const svg = upgradeSvg({
      ...UPGRADE,
      nowMs: BEGUN,
      waves: [{ name: 'canary' }],
      clusters: [cluster('pg-1', 'canary')],
    })
    expect(svg).not.toContain('NaN')
    expect(svg).toContain('canary: 1 cluster, not begun')
  })
})

describe('an upgrade in words', () => {
  it('says how far it has come', () => {
    const shown = renderUpgradeStatus(out, UPGRADE)
    expect(shown).toContain('started 2026-11-23T02:00:00Z, 5m20s; clusters: 2 upgraded, 1 failed, 1 running, 1 waiting')
    expect(shown).toMatch(/^wave 1 of 2 +2 of 3 +running +2m45s$/m)
    expect(shown).toMatch(/^pg-mail +wave 1 of 2 +running +upgrade pg-mail-2 +30\.0s/m)
    expect(shown).not.toContain('pg-wiki')
  })

  it('reports each cluster with its time and its counts', () => {
    const shown = renderUpgradeReport(out, UPGRADE)
    const line = shown.split('\n').find(each => each.startsWith('pg-shop')) ?? ''
    expect(line.split(/ {2,}/).join(' | ')).toBe(
      'pg-shop | wave 1 of 2 | upgraded | 17.12 | 1m15s | 12.0s | 23.0s | 9.0s | 15.0s | - | 740 ms | 910 ms | 12345 | 20 (0.1 %) | 1000 (0.1 %) | 8 | 3',
    )
    expect(shown).toMatch(/^pg-wiki +wave 2 of 2 +waiting/m)
  })

  it('tells of hosts, which have no switchover, and of their agents, which are away', () => {
    const hosts: Upgrade__Output = {
      ...UPGRADE,
      of: 'components',
      subject: 'haproxy of 2 hosts',
      waves: [{ name: 'haproxy: canary' }, { name: 'haproxy: wave' }],
      clusters: [
        cluster('node-1', 'haproxy: canary', { state: 'upgraded', version: '3.0.12', disconnected: 4 }),
        cluster('node-2', 'haproxy: wave', { state: 'back', version: '3.0.11', because: 'w:5433 of pg-1 is down' }),
      ],
    }
    expect(renderUpgradeStatus(out, hosts)).toContain('hosts: 1 upgraded, 1 back')
    const shown = renderUpgradeReport(out, hosts)
    expect(shown).toMatch(/^HOST +WAVE +STATE +VERSION +TOOK +WRITERS WAITED +CLIENTS DISCONNECTED/m)
    expect(shown).toMatch(/^node-1 +haproxy: canary +upgraded +3\.0\.12 +- +- +4/m)
    expect(shown).toMatch(/^node-2 +haproxy: wave +back +3\.0\.11 .*w:5433 of pg-1 is down/m)
    const [host] = hosts.clusters
    const agents = { ...hosts, of: 'agents', clusters: host === undefined ? [] : [{ ...host, awayMs: 1_900 }] }
    expect(renderUpgradeReport(out, agents)).toMatch(/^HOST .*TOOK +AWAY/m)
    expect(renderUpgradeStatus(out, agents)).toMatch(/^node-1 .*1900 ms/m)
    expect(upgradeSvg(hosts)).toContain('haproxy: canary: 1 host, not begun')
  })
})
