import { type CallContext, Metadata } from 'nice-grpc'
import { expect, it } from 'vitest'
import { PEER_KEY } from '../../shared/wire/peer.ts'
import type { AuditLog } from '../observe/audit-log.ts'
import type { Operations } from '../operation/operations.ts'
import type { ApiDeps } from './api-deps.ts'
import { createOperationHandlers } from './operation-handlers.ts'

it('the audit log says which findings an apply, or any other operation, went ahead in spite of', async () => {
  const audited: string[] = []
  const audit: Pick<AuditLog, 'append'> = {
    append: async ({ type, detail }) => void audited.push(`${type}: ${detail}`),
  }
  const plan = {
    planId: 'p',
    changes: [],
    problems: [],
    placements: [],
    settings: [],
    kernel: [],
    layout: { levels: [], nodes: [] },
    phases: [],
  }
  const operations = {
    apply: async () => ({ plan, operationId: 'op-1' }),
    begin: async () => 'op-2',
    show: async () => ({ summary: { subject: 'pg-main' } }),
  } as unknown as Operations
  const deps = { operations, audit, fleet: { id: 'fleet' }, registry: { list: async () => [] } }
  const handlers = createOperationHandlers(deps as unknown as ApiDeps)
  const context = { metadata: Metadata({ [PEER_KEY]: Buffer.from('{"kind":"local"}') }) } as CallContext

  const request = { specYaml: '', fileName: 'fleet.yml', planId: '', remove: [], restart: false }
  await handlers.Apply({ ...request, ignoreHealth: ['disk-nearly-full'] }, context)
  await handlers.Apply({ ...request, ignoreHealth: [] }, context)
  const restart = { kind: 'restart', requestJson: '{}', ignoreHealth: ['clock-jumped', 'disk-nearly-full'] }
  await handlers.StartOperation(restart, context)
  expect(audited).toEqual([
    'plan:applied: operation op-1, in spite of disk-nearly-full, 0 changes',
    'plan:applied: operation op-1, 0 changes',
    'operation:restart: operation op-2, in spite of clock-jumped, disk-nearly-full',
  ])
})
