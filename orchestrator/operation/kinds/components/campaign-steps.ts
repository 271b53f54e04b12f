import type { ComponentRenewed, ComponentReport, ComponentTurn } from '../../../../shared/domain/component.ts'
import { DroverError } from '../../../../shared/domain/errors.ts'
import type { OperationId } from '../../../../shared/domain/ids.ts'
import type { OperationDetails } from '../../../../shared/domain/operation.ts'
import type { ProgramStep } from '../../program.ts'
import { phaseSpans } from '../campaign/phase-spans.ts'
import { type Turn, type Turnstile, takeBackBy, takeTurn } from '../campaign/turn.ts'
import type { HostUnit } from './host-turns.ts'
import type { UpgradeComponentsInput } from './upgrade-components.ts'

const KIND = 'renew-component'
/** Clients of a pooler that is not well do not get longer to leave it. */
const BACK_DRAIN_MS = 30_000

/** `haproxy of node-1`: for people, and the subject of its operation. Pure. */
export function whatOf({ component, node }: Pick<ComponentTurn, 'component' | 'node'>): string {
  return `${component} of ${node}`
}

/** By the package of the program itself. Pure. */
export function versionsOf({ node, component, packages }: ComponentTurn): ComponentRenewed {
  const [first] = packages
  return { node, component, from: first?.from ?? '', to: first?.to ?? '' }
}

type Accepted = Pick<UpgradeComponentsInput, 'drainMs' | 'ignoreHealth'>

export function renewInTurn(
  turn: ComponentTurn,
  unit: HostUnit,
  given: { readonly turnstile: Turnstile<HostUnit>; readonly accepted: Accepted },
): ProgramStep<Turn> {
  const what = whatOf(turn)
  const { drainMs, ignoreHealth = [] } = given.accepted
  const child = { what, kind: KIND, request: { ...turn, drainMs }, ignoreHealth, by: { subject: what } }
  return takeTurn(unit, child, given.turnstile)
}

/** A host that fails is a result: it has taken itself back, and the budget says what follows from it. */
export function follow(turn: ComponentTurn, child: OperationId): ProgramStep<ComponentReport> {
  return {
    title: `upgrade ${whatOf(turn)}`,
    async act(context) {
      const report = reportOf(turn, await context.children.ended(child, context.signal))
      const { result, because, from, to } = report
      return { result: report, detail: result === 'upgraded' ? `${from} to ${to}` : `warning: ${because ?? result}` }
    },
  }
}

/** Pure. */
export function reportOf(turn: ComponentTurn, details: OperationDetails): ComponentReport {
  const { summary, failure, output } = details
  const { operationId, state, createdAt: begunAt, endedAt } = summary
  const times = {
    operationId,
    begunAt,
    ...(endedAt === undefined ? {} : { endedAt, tookMs: endedAt - begunAt }),
    phases: phaseSpans(details),
  }
  if (state === 'done') return { ...(output as ComponentRenewed), result: 'upgraded', ...times }
  const because = failure?.message ?? `it was ${state}`
  return { ...versionsOf(turn), result: 'failed', because, ...times }
}

/** Gives a host what it had before the wave. */
export function takeBack(turn: ComponentTurn, { drainMs, ignoreHealth = [] }: Accepted): ProgramStep<string> {
  const { node, component } = turn
  const packages = turn.packages.map(({ name, from, to }) => ({ name, from: to, to: from }))
  const request = { node, component, packages, drainMs: Math.min(drainMs, BACK_DRAIN_MS), isBack: true }
  return takeBackBy(whatOf(turn), { kind: KIND, request, ignoreHealth })
}

/** The failure of an upgrade whose budget is spent. */
export function stopped(reports: readonly ComponentReport[], all: number): DroverError {
  const done = reports.filter(({ result }) => result === 'upgraded').length
  const said = reports
    .filter(({ result }) => result === 'failed')
    .map(report => `${whatOf(report)}: ${report.because}`)
    .join('; ')
  return new DroverError('failed', `the upgrade ends here, with ${done} of ${all} upgraded: ${said}`, {
    retryable: false,
    hint: 'what is upgraded stays so; the same command goes on with the rest',
  })
}
