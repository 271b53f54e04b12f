import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type RunningOrchestrator,
  type StartOptions,
  startOrchestrator,
} from '../../orchestrator/compose/start-orchestrator.ts'
import type { OrchestratorConfigInput } from '../../orchestrator/config.ts'
import { initOrchestrator } from '../../orchestrator/init-orchestrator.ts'
import type { CreateTokenRequest } from '../../proto/gen/drover/v1/CreateTokenRequest.ts'
import type { Evidence } from '../../proto/gen/drover/v1/Evidence.ts'
import { createLog } from '../../shared/lib/log.ts'
import { openUnixChannel } from '../../shared/wire/channel.ts'
import { createFleetClient, type FleetClient } from '../../shared/wire/services.ts'
import { FakeAgent } from './fake-agent.ts'
import { noPackages } from './no-packages.ts'

export const HEARTBEAT_MS = 400

/** A real orchestrator on free ports in a folder of its own. */
export class OrchestratorFixture {
  readonly directory: string
  #running: RunningOrchestrator | undefined
  #api: FleetClient | undefined
  readonly #cleanups: (() => void)[] = []

  private constructor(directory: string) {
    this.directory = directory
  }

  static async create(listen: Listen = {}): Promise<OrchestratorFixture> {
    const parent = await mkdtemp(join(tmpdir(), 'drover-test-'))
    const fixture = new OrchestratorFixture(join(parent, 'fleet'))
    await initFixtureFleet(fixture.directory, listen)
    return fixture
  }

  get running(): RunningOrchestrator {
    if (this.#running === undefined) throw new Error('the orchestrator does not run')
    return this.#running
  }

  get api(): FleetClient {
    if (this.#api === undefined) throw new Error('the orchestrator does not run')
    return this.#api
  }

  async start(options: Partial<StartOptions> = {}): Promise<RunningOrchestrator> {
    this.#running = await startOrchestrator({
      directory: this.directory,
      log: createLog({ level: 'silent' }),
      openPackages: async () => noPackages(),
      ...options,
    })
    const channel = openUnixChannel(this.#running.socket)
    this.#cleanups.push(() => channel.close())
    this.#api = createFleetClient(channel)
    return this.#running
  }

  async stop(): Promise<void> {
    await this.#running?.stop()
    this.#running = undefined
  }

  async token(request: CreateTokenRequest = {}): Promise<string> {
    return (await this.api.CreateToken({ autoApprove: true, ...request })).secretToken
  }

  agent(evidence: Partial<Evidence> = {}): FakeAgent {
    const { ports, core } = this.running
    const agent = new FakeAgent({
      host: '127.0.0.1',
      enrolPort: ports.enrol,
      meshPort: ports.mesh,
      caPem: core.fleet.ca.caPem,
      evidence,
    })
    this.#cleanups.push(() => agent.close())
    return agent
  }

  /** An agent that has enrolled with a token of its own. */
  async enrolled(hostname = 'node-1'): Promise<FakeAgent> {
    const agent = this.agent({ hostname, machineId: `machine-${hostname}`, macs: [] })
    await agent.enrol(await this.token())
    return agent
  }

  /** The same agent, dialling the ports of the orchestrator that runs now. */
  again(agent: FakeAgent): FakeAgent {
    const { ports } = this.running
    const moved = agent.movedTo({ enrolPort: ports.enrol, meshPort: ports.mesh })
    this.#cleanups.push(() => moved.close())
    return moved
  }

  async auditTypes(): Promise<readonly string[]> {
    return (await this.api.ListAudit({ limit: 1000 })).records.map(({ type }) => type)
  }

  /** Details of audit records of this type, newest first. */
  async audited(type: string): Promise<readonly string[]> {
    const { records } = await this.api.ListAudit({ limit: 1000 })
    return records.filter(record => record.type === type).map(({ detail }) => detail)
  }

  async remove(): Promise<void> {
    for (const cleanup of this.#cleanups) cleanup()
    await this.stop()
    await rm(join(this.directory, '..'), { recursive: true })
  }
}

type Listen = NonNullable<OrchestratorConfigInput['listen']>

async function initFixtureFleet(directory: string, listen: Listen): Promise<void> {
  await initOrchestrator({
    directory,
    fleetName: 'test',
    addresses: ['127.0.0.1'],
    config: {
      heartbeatMs: HEARTBEAT_MS,
      listen: {
        socket: join(directory, 'drover.sock'),
        api: '127.0.0.1:0',
        enrol: '127.0.0.1:0',
        mesh: '127.0.0.1:0',
        packages: '127.0.0.1:0',
        metrics: '127.0.0.1:0',
        ...listen,
      },
    },
  })
}
