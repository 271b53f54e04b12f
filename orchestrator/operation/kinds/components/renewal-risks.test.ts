import { describe, expect, it } from 'vitest'
import type { Component } from '../../../../shared/domain/component.ts'
import type { FindingCode } from '../../../../shared/domain/health.ts'
import { finding } from '../../../observe/health/grade.ts'
import { guard } from '../../guard.ts'
import { renewalRisks } from './renewal-risks.ts'

const members = [{ instance: 'pg-main-1', number: 1, nodeId: 'n1' }]
const pgMain = { portBlock: 0, postgresVersion: 17, nextNumber: 2, members, bootstrapped: true }

function refuses(component: Component, code: FindingCode, drainMs = 1): boolean {
  const risks = renewalRisks({ component, nodeId: 'n1', clusters: [{ name: 'pg-main' }], drainMs })
  const subject = { kind: 'node', name: 'node-1' } as const
  const found = finding({ code, severity: 'critical', subject, concerns: { nodeId: 'n1' }, message: 'it is not well' })
  try {
    guard({ what: component, risks, allocations: { clusters: { 'pg-main': pgMain } } }, [found])
    return false
  } catch {
    return true
  }
}

describe('a component that is to start anew on a host that is not well', () => {
  it('waits when it is Patroni and the clock or the start of its server is wrong: it would not know its server', () => {
    for (const code of ['clock-jumped', 'clock-not-synchronized', 'clock-offset', 'server-start-skew'] as const) {
      expect(refuses('patroni', code), code).toBe(true)
      expect(refuses('haproxy', code), code).toBe(false)
      expect(refuses('etcd', code), code).toBe(false)
    }
  })

  it('waits when it is etcd and its disk is full: it would not come up', () => {
    expect(refuses('etcd', 'disk-nearly-full')).toBe(true)
    expect(refuses('patroni', 'disk-nearly-full')).toBe(false)
  })

  it('waits when it is a pooler whose primary could not hand over, unless nobody is led away', () => {
    expect(refuses('pgbouncer', 'archive-failing')).toBe(true)
    expect(refuses('pgbouncer', 'archive-failing', 0)).toBe(false)
    expect(refuses('patroni', 'archive-failing')).toBe(false)
  })

  it('waits, but for HAProxy, while etcd takes no writes', () => {
    for (const component of ['etcd', 'patroni', 'pgbouncer'] as const)
      expect(refuses(component, 'etcd-alarm'), component).toBe(true)
    expect(refuses('haproxy', 'etcd-alarm')).toBe(false)
  })
})
