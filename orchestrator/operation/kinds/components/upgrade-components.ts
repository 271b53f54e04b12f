import type { CampaignControl, CampaignPolicy } from '../../../../shared/domain/campaign.ts'
import type {
  Component,
  ComponentReport,
  ComponentsReport,
  ComponentTurn,
  ComponentWave,
} from '../../../../shared/domain/component.ts'
import type { FindingCode } from '../../../../shared/domain/health.ts'
import { forgetCampaignControl } from '../../../inventory/fleet-campaign.ts'
import type { Lane, OperationKind } from '../../program.ts'
import type { PolicyHost } from '../campaign/host-policy.ts'
import { WAITING } from '../campaign/turn.ts'
import { type WatchedWave, watchWave } from '../campaign/watch-wave.ts'
import type { Watched } from '../upgrade/watch-clusters.ts'
import * as campaign from './campaign-steps.ts'
import { fetchAll } from './fetch.ts'
import { type HostUnit, hostUnitOf, whyNotBeside } from './host-turns.ts'
import { lookAtComponents } from './look.ts'
import { lookAtClusters, watchHosts } from './watch-hosts.ts'

export interface ComponentHost extends PolicyHost {
  readonly os: string
}

export interface UpgradeComponentsInput {
  readonly components: readonly Component[]
  readonly to: Readonly<Partial<Record<Component, string>>>
  readonly hosts: readonly ComponentHost[]
  /** It names hosts. */
  readonly policy: CampaignPolicy
  readonly control: CampaignControl
  readonly drainMs: number
  /** What somebody has looked at and accepts, on every host. */
  readonly ignoreHealth?: readonly FindingCode[]
}

/**
 * Takes what runs beside PostgreSQL to another version (docs/upgrades.md): component after component, wave after wave, each host an
 * operation of its own that takes itself back when it fails. After each wave its hosts and their clusters are watched; when one is not
 * well, its host goes back, and nothing more is begun.
 */
export const upgradeComponents: OperationKind<UpgradeComponentsInput, ComponentsReport> = {
  kind: 'upgrade-components',
  async run(input, op) {
    const { policy, control, hosts } = input
    const underWay = new Map<string, HostUnit>()
    const reports: ComponentReport[] = []
    const failures = (): number => reports.filter(({ result }) => result === 'failed').length

    op.phase('look')
    const { turns, waves } = await op.step(lookAtComponents(input))
    await fetchAll(turns, hosts, op)
    for (const wave of waves) {
      op.phase(wave.name)
      const own = turns.filter(turn => turn.component === wave.component && wave.clusters.includes(turn.node))
      const clusters = [...new Set(hosts.filter(isIn(wave)).flatMap(host => host.clusters))].sort()
      const before = await op.step(lookAtClusters(clusters))
      const ended = await op.each({ items: own, atOnce: WAITING }, (turn, lane) => renewOne(turn, wave, lane))
      const upgraded = own.filter((_, index) => ended[index]?.result === 'upgraded')
      const failure = await watchWave({ ...watched(wave, before), upgraded }, op)
      if (failure !== null) throw failure
      if (failures() > policy.budget) throw campaign.stopped(reports, turns.length)
    }
    return { output: { changes: reports }, alongside: [forgetCampaignControl(op.operationId)] }

    async function renewOne(turn: ComponentTurn, wave: ComponentWave, lane: Lane): Promise<ComponentReport> {
      const unit = hostUnitOf(turn.node, hosts)
      const turnstile = { policy, control, underWay, failures, refuses: whyNotBeside(wave.component) }
      const begun = await lane.step(campaign.renewInTurn(turn, unit, { turnstile, accepted: input }))
      if (begun.operationId === null) return keep({ ...campaign.versionsOf(turn), ...begun, operationId: null })
      underWay.set(unit.name, unit)
      try {
        return keep(await lane.step(campaign.follow(turn, begun.operationId)))
      } finally {
        underWay.delete(unit.name)
      }
    }

    function keep(report: ComponentReport): ComponentReport {
      reports.push(report)
      return report
    }

    function watched(
      { name, component }: ComponentWave,
      clusters: readonly Watched[],
    ): Omit<WatchedWave<ComponentTurn>, 'upgraded'> {
      return {
        name,
        soakMs: policy.soakMs,
        nameOf: ({ node }) => node,
        watch: (turns, forMs) => {
          const names = turns.map(({ node }) => node)
          return watchHosts(component, { hosts: hosts.filter(host => names.includes(host.name)), clusters }, forMs)
        },
        wayBack: turn => ({ what: campaign.whatOf(turn), step: campaign.takeBack(turn, input) }),
      }
    }
  },
}

function isIn({ clusters: names }: ComponentWave): (host: ComponentHost) => boolean {
  return ({ name }) => names.includes(name)
}
