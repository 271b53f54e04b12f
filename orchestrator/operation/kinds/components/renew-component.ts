import type { Component, ComponentRenewed } from '../../../../shared/domain/component.ts'
import { DroverError } from '../../../../shared/domain/errors.ts'
import type { OperationKind } from '../../program.ts'
import { etcdTurn } from './etcd-turn.ts'
import { patroniTurn } from './patroni-turn.ts'
import { poolerTurn } from './pooler-turn.ts'
import { proxyTurn } from './proxy-turn.ts'
import type { ComponentTurnOf, RenewInput } from './turn.ts'

const TURNS: Readonly<Record<Component, ComponentTurnOf>> = {
  haproxy: proxyTurn,
  etcd: etcdTurn,
  patroni: patroniTurn,
  pgbouncer: poolerTurn,
}

/**
 * Another version of one component on one host: installed in its place, then the running one is replaced in the way that its clients do
 * not notice. When it is not well afterwards the host gets back what it had, in the same way.
 */
export const renewComponent: OperationKind<RenewInput, ComponentRenewed> = {
  kind: 'renew-component',
  async run(input, op) {
    const { node, component, packages } = input
    const [first] = packages
    const end = await TURNS[component](input, op)
    if (end.failed !== undefined) {
      // Files that somebody was led back to stay: they are the better ones.
      if (input.isBack) op.keep()
      throw notRenewed(input, end.failed)
    }
    const { stallMs, disconnected } = end
    const output = {
      node,
      component,
      from: first?.from ?? '',
      to: first?.to ?? '',
      ...(stallMs === undefined ? {} : { stallMs }),
      ...(disconnected === undefined ? {} : { disconnected }),
    }
    return { output }
  },
}

function notRenewed({ node, component, packages }: RenewInput, why: string): DroverError {
  return new DroverError('failed', `${component} of ${node} is not at ${packages[0]?.to ?? ''}: ${why}`, {
    retryable: false,
    hint: 'drover status',
  })
}
