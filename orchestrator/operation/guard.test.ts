import { describe, expect, it } from 'vitest'
import type { Finding } from '../../shared/domain/health.ts'
import { finding } from '../observe/health/grade.ts'
import { guard, hostRisks, needPatroni, planNeedsPatroni, planRisks, refusePaused, requestRisks } from './guard.ts'

function cluster(...nodes: readonly string[]) {
  const members = nodes.map((nodeId, index) => ({ instance: `pg-main-${index + 1}`, number: index + 1, nodeId }))
  return { portBlock: 0, postgresVersion: 17, nextNumber: 9, members, bootstrapped: true }
}

const CLUSTERS = { 'pg-main': cluster('n1', 'n2'), 'pg-app': cluster('n3') }

function jumped(nodeId: string, severity: Finding['severity'] = 'critical'): Finding {
  const subject = { kind: 'node', name: nodeId } as const
  const message = 'its clock was set back by 40 s'
  return finding({ code: 'clock-jumped', severity, subject, concerns: { nodeId }, message })
}

function failureOf(attempt: () => void): unknown {
  try {
    attempt()
    return undefined
  } catch (error) {
    return error
  }
}

function starting(kind: string, name: string) {
  const allocations = { clusters: CLUSTERS }
  return { what: `${kind} of ${name}`, risks: requestRisks(kind, [name]), allocations }
}

describe('the guard before an operation', () => {
  it('refuses a restart where a clock was set, in the words of the finding, and says how to go on', () => {
    const attempt = (): void => guard(starting('restart', 'pg-main'), [jumped('n2')])
    expect(attempt).toThrow(
      'restart of pg-main is refused, the fleet is not well: node n2: its clock was set back by 40 s',
    )
    expect(failureOf(attempt)).toMatchObject({
      code: 'conflict',
      hint: expect.stringContaining('--ignore-health clock-jumped'),
    })
  })

  it('lets through what the finding does not endanger: other clusters, other work, a mere warning, what was accepted', () => {
    guard(starting('restart', 'pg-app'), [jumped('n2')])
    guard(starting('switchover', 'pg-main'), [jumped('n2')])
    guard(starting('undrain', 'pg-main'), [jumped('n2')])
    guard(starting('restart', 'pg-main'), [jumped('n2', 'warning')])
    guard(starting('restart', 'pg-main'), [jumped('n2')], ['clock-jumped'])
  })

  it('refuses everything that moves a primary while etcd takes no writes', () => {
    const alarm = finding({
      code: 'etcd-alarm',
      severity: 'critical',
      subject: { kind: 'etcd', name: 'etcd-1' },
      message: 'no space',
    })
    for (const kind of ['restart', 'switchover', 'reinit', 'drain'])
      expect(() => guard(starting(kind, 'pg-app'), [alarm])).toThrow('no space')
  })

  it('lets no voter come or go while etcd takes no writes, whether the host has a cluster or not', () => {
    const subject = { kind: 'etcd', name: 'etcd-1' } as const
    const alarm = finding({ code: 'etcd-alarm', severity: 'critical', subject, message: 'no space' })
    const allocations = { clusters: {} }
    const attempt = (): void =>
      guard({ what: 'drain of node-4', risks: hostRisks('n4', ['etcd-change']), allocations }, [alarm])
    expect(attempt).toThrow('drain of node-4 is refused, the fleet is not well: etcd etcd-1: no space')
    const full = { subject: { kind: 'node', name: 'node-4' }, message: 'its disk is full' } as const
    const onDisk = finding({ code: 'disk-nearly-full', severity: 'critical', ...full, concerns: { nodeId: 'n4' } })
    // Leaving a host with a full disk is the way out.
    guard({ what: 'drain', risks: hostRisks('n4', ['etcd-change']), allocations }, [onDisk])
    guard({ what: 'etcd of node-5', risks: hostRisks('n5', ['etcd-restart']), allocations }, [onDisk])
    expect(() =>
      guard({ what: 'etcd of node-4', risks: hostRisks('n4', ['etcd-restart']), allocations }, [onDisk]),
    ).toThrow('its disk is full')
  })

  it('knows what an apply risks: what it restarts, bootstraps and clones, and that it changes voters', () => {
    const fresh = { ...cluster('n1'), bootstrapped: false }
    const allocations = {
      etcd: null,
      clusters: { 'pg-main': cluster('n1', 'n2', 'n3'), 'pg-app': cluster('n3'), 'pg-new': fresh },
    }
    const removal = { do: 'remove', name: 'etcd-2' } as const
    const paths = { caPath: '/ca', certPath: '/cert', keyPath: '/key' }
    const via = [{ nodeId: 'n1', etcd: { name: 'etcd-1', clientUrl: 'https://10.0.0.1:2379', ...paths } }]
    const restart = { kind: 'restart-members', cluster: 'pg-app', awaitSynchronous: false, own: {} } as const
    const phases = [
      { name: 'restart', steps: [restart] },
      { name: 'finish', steps: [{ kind: 'mark-bootstrapped', cluster: 'pg-new' } as const] },
      { name: 'etcd-2 leaves etcd', steps: [{ kind: 'change-voter', change: removal, via } as const] },
    ]
    expect(planRisks({ phases, allocations }, { clusters: CLUSTERS })).toEqual([
      { cluster: 'pg-app', risk: 'restart' },
      { cluster: 'pg-new', risk: 'bootstrap' },
      { nodeId: 'n1', risk: 'etcd-change' },
      { cluster: 'pg-main', risk: 'copy' },
    ])
  })
})

describe('a cluster whose automatic failover is paused', () => {
  const until = Date.UTC(2026, 0, 1)
  const seen = (name: string, paused: boolean) => ({
    observedAt: 1,
    instances: [
      {
        cluster: name,
        instance: `${name}-1`,
        role: 'primary' as const,
        state: 'running',
        poolers: [],
        services: [],
        ...(paused ? { paused, pausedUntil: until } : {}),
      },
    ],
  })
  const observations = new Map([
    ['n1', seen('pg-main', true)],
    ['n3', seen('pg-app', false)],
  ])
  const attempt = (kind: string, name: string) => refusePaused(kind, needPatroni(kind, [name]), observations)

  it('keeps out what would stop a server, clone one or need somebody to take over, and says how it ends', () => {
    for (const kind of [
      'restart',
      'reinit',
      'move',
      'replace',
      'drain',
      'remove-node',
      'stop-cluster',
      'remove-cluster',
    ])
      expect(failureOf(() => attempt(kind, 'pg-main'))).toMatchObject({
        code: 'conflict',
        message: `${kind} is refused: automatic failover of pg-main is paused until 2026-01-01T00:00:00.000Z`,
        hint: 'drover cluster unpause pg-main',
      })
  })

  it('lets through what Patroni does in a pause too, and everything on other clusters', () => {
    for (const kind of ['failover', 'switchover', 'reload', 'pause', 'unpause', 'purge', 'undrain'])
      attempt(kind, 'pg-main')
    attempt('restart', 'pg-app')
  })

  it('keeps out an apply that restarts it, adds to it or takes from it', () => {
    const restart = { kind: 'restart-members', cluster: 'pg-main', awaitSynchronous: false, own: {} } as const
    const departed = [
      {
        instance: 'pg-app-2',
        number: 2,
        nodeId: 'n4',
        cluster: 'pg-app',
        portBlock: 0,
        dataDirectory: '/d',
        keepMs: 1,
      },
    ]
    const allocations = { etcd: null, clusters: { 'pg-main': cluster('n1', 'n2') }, departed }
    const phases = [
      { name: 'restart', steps: [restart] },
      { name: 'leave', steps: [{ kind: 'mark-departed', instances: ['pg-app-2'] } as const] },
    ]
    expect(planNeedsPatroni({ phases, allocations }, { clusters: CLUSTERS })).toEqual(['pg-main', 'pg-app'])
    const grown = { etcd: null, clusters: { 'pg-main': cluster('n1', 'n2', 'n4') } }
    expect(planNeedsPatroni({ phases: [], allocations: grown }, { clusters: CLUSTERS })).toEqual(['pg-main'])
  })
})
