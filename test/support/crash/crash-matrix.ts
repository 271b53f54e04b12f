import { expect } from 'vitest'
import type { Operation__Output } from '../../../proto/gen/drover/v1/Operation.ts'
import type { FleetClient } from '../../../shared/wire/services.ts'
import type { CrashFleet } from './crash-fleet.ts'
import { isPaused } from './fake-cluster.ts'
import type { WorldState } from './fake-world.ts'
import { until } from './until.ts'

/** What one round is about: instances and nodes by their part. */
export type Given = Readonly<Record<string, string>>

/** One operation that can be asked for again and again, and how the world must look afterwards. */
export interface CrashStory {
  readonly kind: string
  /** Brings the fleet to where it can be asked for, while nothing dies, and says what it is about. */
  prepare(fleet: CrashFleet): Promise<Given>
  /** Begins it; the round counts from 0. */
  ask(api: FleetClient, given: Given, round: number): Promise<string>
  /** Throws when the world is not what this round has to have made of it. */
  verify(fleet: CrashFleet, played: PlayedRound): Promise<void>
  /** Clients wait meanwhile: where an agent dies before the pivot, or nobody works on it for too long, it may also be taken back, whole. */
  readonly mayBeTakenBack: boolean
  /** Each round is about other hosts, and has other steps: that they are all done has to do. */
  readonly isAboutOthers?: boolean
}

export interface PlayedRound {
  readonly round: number
  readonly given: Given
  readonly before: WorldState
  /** The operation says so; otherwise it was taken back. */
  readonly isDone: boolean
}

/** A place where one of the processes dies: `write:operation-steps:after:7`. */
export interface DeathPoint {
  readonly side: 'orchestrator' | 'agents'
  readonly point: string
}

const SIDES = ['orchestrator', 'agents'] as const

/** What is written whenever time passes, whatever an operation does. */
const BESIDE = /^write:(live|facts|health|nodes|nothing)/

/** For a machine that is busy with other things. */
const SETTLE_MS = 240_000
/** Why an operation for which clients wait is taken back, rather than that they wait for longer. */
const OUT_OF_TIME = /not done within \d+ s$|^too much time has passed since clients were held|is not writable$/
/** As the failure says it, or what is taken back because of it. */
const AGENT_DIED = /the agent died while it ran the command/
/** Clients are let go and held anew when an agent died while it held them, or an orchestrator was away. */
const HELD_ANEW = /^not held: |clients are held no longer/
/** What is done then beside the usual steps. */
const LET_GO = /: done (release the (pooler|readers) |let clients go on$)/

/** Runs the story over one fleet, round after round, each with another death. */
export class CrashMatrix {
  readonly #fleet: CrashFleet
  readonly #story: CrashStory
  #round = 0
  /** How many were taken back because an agent had died. */
  takenBack = 0
  #wanted: Operation__Output | undefined
  /** Up to the end of the operation: what is passed after it is passed at other times each round. */
  #passed: readonly DeathPoint[] = []

  constructor(fleet: CrashFleet, story: CrashStory) {
    this.#fleet = fleet
    this.#story = story
  }

  /** Once without any death: how it has to end, and every point that it passes. */
  async points(): Promise<readonly DeathPoint[]> {
    const { orchestrator, agents } = this.#fleet
    const given = await this.#prepare()
    await Promise.all([orchestrator.arm('trace'), agents.arm('trace')])
    this.#wanted = await this.#play(given)
    return this.#passed.filter(({ point }) => !BESIDE.test(point))
  }

  /** Once with this death. Answers whether the point was reached. */
  async dieAt({ side, point }: DeathPoint): Promise<boolean> {
    const given = await this.#prepare()
    const before = this.#fleet[side].kills
    await this.#fleet[side].arm(`${point}=kill`)
    try {
      const operation = await this.#play(given)
      const isTakenBack = operation.summary?.state === 'failed'
      // The death of an orchestrator alone takes nothing back, unless it was away for longer than clients may be held.
      if (isTakenBack && side === 'orchestrator') expect(operation.failure?.message).toMatch(OUT_OF_TIME)
      if (!isTakenBack && this.#wanted !== undefined) this.#expectSameSteps(operation, this.#wanted)
    } catch (error) {
      throw new Error(`${this.#story.kind} ends otherwise when ${side} die at ${point}`, { cause: error })
    }
    return this.#fleet[side].kills > before
  }

  async #prepare(): Promise<Given> {
    const { orchestrator, agents } = this.#fleet
    await Promise.all([orchestrator.arm(''), agents.arm('')])
    return await this.#story.prepare(this.#fleet)
  }

  /** One operation to its end, with everything that must be so afterwards, whatever has died meanwhile. */
  async #play(given: Given): Promise<Operation__Output> {
    const round = this.#round
    this.#round += 1
    const before = this.#fleet.world.state()
    const operation = await this.#fleet.toItsEnd(api => this.#story.ask(api, given, round))
    this.#passed = SIDES.flatMap(side => this.#fleet[side].reached().map(point => ({ side, point })))
    if (operation.failure !== null && this.#story.mayBeTakenBack) this.#expectTakenBack(operation)
    else expect([operation.failure, operation.summary?.state]).toEqual([null, 'done'])
    expect(this.#fleet.world.doubled()).toEqual([])
    expect(this.#fleet.world.state().held).toEqual([])
    const { chains } = await this.#fleet.insist(api => api.VerifyAudit({}))
    expect(chains.filter(({ intact }) => !intact)).toEqual([])
    await this.#story.verify(this.#fleet, { round, given, before, isDone: operation.failure === null })
    await calm(this.#fleet)
    return operation
  }

  #expectSameSteps(operation: Operation__Output, wanted: Operation__Output): void {
    const steps = operation.phases.flatMap(phase => phase.steps)
    expect(steps.filter(({ state }) => state !== 'done')).toEqual([])
    if (this.#story.isAboutOthers === true) return
    if (steps.some(({ detail }) => HELD_ANEW.test(detail))) {
      const [played, usual] = [kindsOfSteps(operation), kindsOfSteps(wanted)]
      expect([...usual].filter(kind => !played.has(kind))).toEqual([])
      expect([...played].filter(kind => !usual.has(kind) && !LET_GO.test(kind))).toEqual([])
    } else expect(stepsOf(operation)).toEqual(stepsOf(wanted))
  }

  #expectTakenBack({ failure }: Operation__Output): void {
    this.takenBack += 1
    if (!AGENT_DIED.test(failure?.message ?? '')) expect(failure?.message).toMatch(OUT_OF_TIME)
  }
}

const CALM: ReadonlySet<string> = new Set(['healthy', 'hibernated'])

/** Until every agent is back and nothing holds a lock. */
export async function calm(fleet: CrashFleet): Promise<void> {
  await until(async () => {
    const { nodes, clusters, operations } = await fleet.insist(api => api.Status({}))
    const isCalm =
      nodes.every(({ state }) => state === 'ready' || state === 'draining') &&
      clusters.every(({ name, state }) => CALM.has(state) || isPaused(fleet.world.state(), name)) &&
      operations.length === 0
    return isCalm ? true : null
  }, SETTLE_MS)
}

/** Each step once, however often the program came by. */
function kindsOfSteps({ phases }: Operation__Output): ReadonlySet<string> {
  return new Set(
    phases.flatMap(({ name, steps }) => steps.map(({ title, state }) => withoutNumber(`${name}: ${state} ${title}`))),
  )
}

/** What was done, without how long it took or how often it was tried. */
function stepsOf({ phases }: Operation__Output): readonly string[] {
  return phases.flatMap(({ name, steps }) =>
    steps.map(({ stepId, title, state, node }) =>
      withoutNumber(`${name}: ${stepId} ${state} ${title} ${node === '' ? '' : 'on a node'}`),
    ),
  )
}

/** Members take turns in being primary, and hosts in being empty. */
function withoutNumber(title: string): string {
  return title.replaceAll(/(pg-main|node|etcd)-\d+/g, '$1-N')
}
