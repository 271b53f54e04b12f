import { baseImage } from '../lab/base-image.ts'
import type { LabContext } from '../lab/lab-context.ts'
import type { OsName } from '../lab/model.ts'
import { buildAgent } from './build-agent.ts'
import { useContext } from './cli-context.ts'
import { followApply } from './follow-apply.ts'
import { type LabFleet, type LabFleetSpec, openLabFleet } from './lab-fleet.ts'
import { createStepList, type ProgressStream } from './step-list.ts'

export interface Quickstart {
  readonly spec: LabFleetSpec
  readonly hosts: number
  readonly os: OsName
  /** Fleet spec to apply. */
  readonly file: string
  readonly contextsPath: string
  readonly context: LabContext
  readonly out: ProgressStream
  readonly err: ProgressStream
}

/** Hosts go round these, so that the spread over failure domains has something to spread over. */
const ZONES = ['a', 'b', 'c']

/** Every step finds out what is there already, so that the whole can be run again after anything. */
export async function quickstart(request: Quickstart): Promise<void> {
  const { spec, hosts, os, file, err } = request
  const { step } = createStepList(err, 8)
  const context = (report: (line: string) => void): LabContext => ({ ...request.context, report })

  const agentPackage = await step('build the agent package', report => buildAgent(context(report)))
  await step(`make the ${os} base image`, report => baseImage(os, context(report)))
  const fleet = await step('start the orchestrator in a network of its own', async report => {
    const opened = await openLabFleet(spec, context(report))
    await opened.startOrchestrator()
    await useContext(request.contextsPath, spec.name, opened.paths.socket)
    return opened
  })
  await step(`boot ${hosts} hosts`, () => fleet.bootHosts({ count: hosts, os, agentPackage, labels: zoneOf }))
  await step('wait for their agents to enrol by themselves', () => fleet.waitForNodes(hosts))
  await step('fill the fleet package repository', () => fleet.drover.require(['packages', 'fill']))
  await step(`apply ${file}`, report => followApply(fleet.drover, file, report))
  const service = await step('write and read a row through the primary service', () => tryPrimary(fleet))
  request.out.write(await farewell(fleet, service))
}

export function zoneOf(number: number): Readonly<Record<string, string>> {
  return { zone: ZONES[(number - 1) % ZONES.length] ?? 'a' }
}

interface Service {
  readonly cluster: string
  readonly url: string
}

async function tryPrimary({ lab, drover }: LabFleet): Promise<Service | null> {
  const { clusters } = JSON.parse(await drover.require(['status', '--json'])) as {
    clusters: readonly { name: string }[]
  }
  const cluster = clusters[0]?.name
  if (cluster === undefined) return null
  const url = (await drover.require(['cluster', 'psql', cluster, '--print'])).trim()
  const sql =
    'create temp table quickstart (id int); insert into quickstart values (1); select count(*) from quickstart'
  await lab.inNamespace(['psql', url, '-qAtX', '-v', 'ON_ERROR_STOP=1', '-f', '-'], { input: `${sql};\n` })
  return { cluster, url }
}

async function farewell({ drover, lab }: LabFleet, service: Service | null): Promise<string> {
  const status = await drover.require(['status'])
  const connect =
    service === null
      ? ''
      : `\nConnect to the primary service:\n  ip netns exec ${lab.namespace} psql '${service.url}'\n`
  return `\n${status}${connect}
Try next:
  npm run drover -- status --watch
  npm run drover -- plan -f deploy/examples/quickstart.yml --explain
  npm run lab -- power-off node-1     (watch the failover), then: npm run lab -- power-on node-1
  npm run drover -- drift             (after editing a file on a host: npm run lab -- exec node-2 ...)
  npm run quickstart -- down
`
}
