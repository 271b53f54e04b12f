import { buildAgent } from '../../deploy/quickstart/build-agent.ts'
import { endLabFleet, openLabFleet } from '../../deploy/quickstart/lab-fleet.ts'
import { type BenchHosts, count, type OpenHosts, type Over, os } from './bench-hosts.ts'
import { measureApply } from './drover.ts'
import { premadePassword } from './premade-password.ts'

/** As fleet.yml has it. */
const FLEET = 'bench'

/** Hosts of a fleet: an orchestrator runs, the agents are enrolled, the packages are staged. */
export async function openFleetHosts({ name, subnet, specFile, context }: OpenHosts, over: Over): Promise<BenchHosts> {
  await endLabFleet(name, context)
  const agentPackage = await buildAgent(context)
  const fleet = await openLabFleet({ name, subnet, fleetName: FLEET }, context)
  await fleet.startOrchestrator()
  await fleet.stopOrchestrator()
  const password = await premadePassword(fleet.paths.directory)
  await fleet.startOrchestrator()
  await fleet.bootHosts({ count, os, agentPackage, labels: () => ({}), over })
  await fleet.waitForNodes(count)
  await fleet.drover.require(['packages', 'fill'])
  return {
    lab: fleet.lab,
    apply: sql => measureApply({ fleet, sql, specFile, password, report: context.report, signal: context.signal }),
  }
}
