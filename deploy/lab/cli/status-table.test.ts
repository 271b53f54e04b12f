import { expect, it } from 'vitest'
import { statusTable } from './status-table.ts'

it('shows hosts in columns, with what failed on them', () => {
  const table = statusTable([
    {
      name: 'node-1',
      address: '10.10.10.11',
      os: 'debian13',
      state: 'degraded',
      pid: 42,
      failedUnits: ['etcd.service'],
    },
    { name: 'node-10', address: '10.10.10.20', os: 'debian12', state: 'off', pid: undefined, failedUnits: [] },
  ])
  expect(table).toBe(`HOST     ADDRESS      OS        STATE                            PID
node-1   10.10.10.11  debian13  degraded (failed: etcd.service)  42
node-10  10.10.10.20  debian12  off                              -
`)
})
