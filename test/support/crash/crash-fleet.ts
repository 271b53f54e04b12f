import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { initOrchestrator } from '../../../orchestrator/init-orchestrator.ts'
import type { Operation__Output } from '../../../proto/gen/drover/v1/Operation.ts'
import { DroverError } from '../../../shared/domain/errors.ts'
import { openUnixChannel } from '../../../shared/wire/channel.ts'
import { createFleetClient, type FleetClient } from '../../../shared/wire/services.ts'
import type { CrashPrograms } from './crash-programs.ts'
import { FakeWorld } from './fake-world.ts'
import { Supervised } from './supervised.ts'
import { until } from './until.ts'

/** For a machine that is busy with other things: nothing is expected to take so long. */
const PATIENCE_MS = 240_000
const ANSWER_MS = 60_000
/** An answer has all steps of an operation: to ask more often would cost more than what is asked about. */
const WATCH_MS = 60

export interface CrashFleetOptions {
  readonly programs: CrashPrograms
  readonly hosts: number
  /** Default: the orchestrator has a store of its own. */
  readonly storeSocket?: string
  /** Ends a start that is under way. */
  readonly signal?: AbortSignal
  /** By name of the host. Default: none. */
  readonly labels?: (name: string) => Readonly<Record<string, string>>
}

/** How an operation is asked for. Called again when the orchestrator died before it could say that it has begun. */
export type Ask = (api: FleetClient) => Promise<string>

/** A real orchestrator and the real agents of made-up machines, each in a process that can be killed at any point. */
export class CrashFleet implements AsyncDisposable {
  readonly orchestrator: Supervised
  readonly agents: Supervised
  readonly world: FakeWorld
  readonly directory: string
  #names: readonly string[]
  #enrolPort = 0
  #hosts: number
  readonly #labels: NonNullable<CrashFleetOptions['labels']>
  readonly #signal: AbortSignal | undefined

  private constructor(directory: string, names: readonly string[], options: CrashFleetOptions) {
    const { programs, storeSocket = '', labels = () => ({}) } = options
    this.#labels = labels
    this.#signal = options.signal
    this.directory = directory
    this.#names = names
    this.#hosts = names.length
    this.world = new FakeWorld(directory)
    this.orchestrator = new Supervised(programs.orchestrator, join(directory, 'fleet'), storeSocket)
    this.agents = new Supervised(programs.agents, directory, ...names)
  }

  static async start(options: CrashFleetOptions): Promise<CrashFleet> {
    const directory = await mkdtemp(join(tmpdir(), 'drover-crash-'))
    const names = Array.from({ length: options.hosts }, (_, index) => `node-${index + 1}`)
    const fleet = new CrashFleet(directory, names, options)
    try {
      await fleet.#init()
      return fleet
    } catch (error) {
      await fleet[Symbol.asyncDispose]()
      throw error
    }
  }

  async #init(): Promise<void> {
    const [enrol, mesh] = await freePorts(2)
    await initOrchestrator({
      directory: join(this.directory, 'fleet'),
      fleetName: 'test',
      addresses: ['127.0.0.1'],
      config: {
        listen: {
          socket: this.#socket(),
          api: '127.0.0.1:0',
          enrol: `127.0.0.1:${enrol}`,
          mesh: `127.0.0.1:${mesh}`,
          packages: '127.0.0.1:0',
          metrics: '127.0.0.1:0',
        },
      },
    })
    this.orchestrator.start()
    await this.orchestrator.ready()
    this.#enrolPort = enrol ?? 0
    for (const name of this.#names) {
      this.#signal?.throwIfAborted()
      await this.#invite(name)
    }
    this.agents.start()
    await this.#allConnected()
  }

  /** One more empty host joins the fleet. */
  async addHost(): Promise<string> {
    this.#hosts += 1
    const name = `node-${this.#hosts}`
    await this.#invite(name)
    await this.#restartAgents([...this.#names, name])
    await this.#allConnected()
    return name
  }

  /** A host that the fleet has removed is switched off. */
  async dropHost(name: string): Promise<void> {
    await this.#restartAgents(this.#names.filter(each => each !== name))
  }

  async #restartAgents(names: readonly string[]): Promise<void> {
    this.#names = names
    await this.agents.restartWith(this.directory, ...names)
  }

  async #allConnected(): Promise<void> {
    const { length } = this.#names
    // An answer is as long as the fleet is large.
    const patience = { forMs: PATIENCE_MS + length * 500, pauseMs: 20 + length * 2 }
    const areAllThere = async () => {
      this.#signal?.throwIfAborted()
      return (await this.#connected()) === length ? true : null
    }
    await until(areAllThere, patience.forMs, patience.pauseMs)
  }

  async #invite(name: string): Promise<void> {
    const config = join(this.directory, name, 'etc/drover')
    await mkdir(config, { recursive: true })
    const { secretToken } = await this.ask(api => api.CreateToken({ autoApprove: true, labels: this.#labels(name) }))
    await writeFile(join(config, 'join-token'), `${secretToken}\n`)
    await writeFile(join(config, 'agent.conf'), `orchestrator=127.0.0.1:${this.#enrolPort}\n`)
  }

  async #connected(): Promise<number> {
    const { nodes } = await this.ask(api => api.ListNodes({}))
    return nodes.filter(node => node.state === 'ready' && (node.hardware?.memoryBytes ?? 0) > 0).length
  }

  /** One call of the API; throws `unavailable` when the orchestrator dies meanwhile. */
  async ask<T>(
    call: (api: FleetClient) => Promise<T>,
    { timeoutMs = ANSWER_MS }: { readonly timeoutMs?: number } = {},
  ): Promise<T> {
    const channel = openUnixChannel(this.#socket())
    const gone = new DroverError('unavailable', 'no answer')
    try {
      return await Promise.race([
        call(createFleetClient(channel)),
        delay(timeoutMs, undefined, { ref: false }).then(() => Promise.reject(gone)),
      ])
    } finally {
      channel.close()
    }
  }

  /** The same, as often as it takes until an orchestrator is there to answer. */
  async insist<T>(call: (api: FleetClient) => Promise<T>): Promise<T> {
    const { answer } = await until(async () => {
      try {
        return { answer: await this.ask(call) }
      } catch (error) {
        if (DroverError.from(error).code !== 'unavailable') throw error
        return null
      }
    }, PATIENCE_MS)
    return answer
  }

  /** Begins one operation, whatever dies, and follows it to its end. */
  async toItsEnd(ask: Ask): Promise<Operation__Output> {
    const before = await this.insist(newestId)
    const { kills } = this.orchestrator
    const operationId = await until(async () => {
      const now = await this.insist(newestId)
      if (now !== before) return now
      return this.ask(ask).catch((error: unknown) => {
        const { code } = DroverError.from(error)
        // One that has just been started refuses what it cannot see to be safe yet.
        const isNew = code === 'conflict' && this.orchestrator.kills > kills
        if (code !== 'unavailable' && !isNew) throw error
        return null
      })
    }, PATIENCE_MS)
    return this.#ends(operationId)
  }

  /** The newest operation at its end. */
  async newestEnds(): Promise<Operation__Output> {
    return this.#ends(await this.insist(newestId))
  }

  async #ends(operationId: string): Promise<Operation__Output> {
    let last = ''
    try {
      return await until(
        async () => {
          const operation = await this.insist(api => api.ShowOperation({ operationId }))
          last = operation.phases
            .flatMap(({ steps }) => steps)
            .map(({ title, state, attempt, failure }) => `${title}: ${state} ${attempt} ${failure?.message ?? ''}`)
            .join('\n')
          return ENDED.has(operation.summary?.state ?? '') ? operation : null
        },
        PATIENCE_MS,
        WATCH_MS,
      )
    } catch (cause) {
      throw new Error(`${operationId} does not end:\n${last}`, { cause })
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.orchestrator.end(), this.agents.end()])
    await rm(this.directory, { recursive: true, force: true })
  }

  #socket(): string {
    return join(this.directory, 'drover.sock')
  }
}

const ENDED = new Set(['done', 'failed', 'cancelled'])

async function newestId(api: FleetClient): Promise<string> {
  return (await api.ListOperations({ limit: 1 })).operations[0]?.operationId ?? ''
}

/** Below those that systems give to outgoing connections: an orchestrator that is started again finds its own still free. */
const PORTS = { from: 20_000, count: 12_000 }

/** Ports that were free a moment ago. */
async function freePorts(count: number): Promise<readonly number[]> {
  const ports: number[] = []
  while (ports.length < count) {
    const port = PORTS.from + randomInt(PORTS.count)
    if (!ports.includes(port) && (await isFree(port))) ports.push(port)
  }
  return ports
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}
