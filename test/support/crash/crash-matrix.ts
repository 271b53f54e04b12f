import { expect } from 'vitest'
import type { Operation__Output } from '../../../proto/gen/drover/v1/Operation.ts'
import type { FleetClient } from '../../../shared/wire/services.ts'
import type { CrashFleet } from './crash-fleet.ts'
import type { WorldState } from './fake-world.ts'
import { until } from './until.ts'

/** One operation that can be asked for again and again, and how the world must look afterwards. */
export interface CrashStory {
  readonly kind: string
  /** Begins it; the round counts from 0. */
  ask(api: FleetClient, round: number): Promise<string>
  /** Throws when the world is not what this round has to have made of it. */
  verify(fleet: CrashFleet, played: PlayedRound): Promise<void>
  /** Clients wait meanwhile: where an agent dies before the pivot, or nobody works on it for too long, it may also be taken back, whole. */
  readonly mayBeTakenBack: boolean
}

export interface PlayedRound {
  readonly round: number
  readonly before: WorldState
  /** The operation says so; otherwise it was taken back. */
  readonly isDone: boolean
}

/** A place where one of the processes dies: `write:operation-steps:after:7`. */
export interface DeathPoint {
  readonly side: 'orchestrator' | 'agents'
  readonly point: string
}

/** What is written whenever time passes, whatever an operation does. */
const BESIDE = /^write:(live|facts|health|nodes|nothing)/

/** For a machine that is busy with other things. */
const SETTLE_MS = 240_000
/** Why an operation for which clients wait is taken back, rather than that they wait for longer. */
const OUT_OF_TIME = /not done within \d+ s$|^too much time has passed since clients were held|is not writable$/
/** An orchestrator that was away lets clients go and holds them anew. */
const HELD_ANEW = /clients are held no longer/

/** Runs the story over one fleet, round after round, each with another death. */
export class CrashMatrix {
  readonly #fleet: CrashFleet
  readonly #story: CrashStory
  #round = 0
  /** How many were taken back because an agent had died. */
  takenBack = 0
  #wanted: Operation__Output | undefined

  constructor(fleet: CrashFleet, story: CrashStory) {
    this.#fleet = fleet
    this.#story = story
  }

  /** Once without any death: how it has to end, and every point that it passes. */
  async points(): Promise<readonly DeathPoint[]> {
    const { orchestrator, agents } = this.#fleet
    await Promise.all([orchestrator.arm('trace'), agents.arm('trace')])
    this.#wanted = await this.#play()
    return (['orchestrator', 'agents'] as const).flatMap(side =>
      this.#fleet[side]
        .reached()
        .filter(point => !BESIDE.test(point))
        .map(point => ({ side, point })),
    )
  }

  /** Once with this death. Answers whether the point was reached. */
  async dieAt({ side, point }: DeathPoint): Promise<boolean> {
    const { orchestrator, agents } = this.#fleet
    await Promise.all([orchestrator.arm(''), agents.arm('')])
    const before = this.#fleet[side].kills
    await this.#fleet[side].arm(`${point}=kill`)
    try {
      const operation = await this.#play()
      const isTakenBack = operation.summary?.state === 'failed'
      // The death of an orchestrator alone takes nothing back, unless it was away for longer than clients may be held.
      if (isTakenBack && side === 'orchestrator') expect(operation.failure?.message).toMatch(OUT_OF_TIME)
      if (!isTakenBack && this.#wanted !== undefined) expectSameSteps(operation, this.#wanted)
    } catch (error) {
      throw new Error(`${this.#story.kind} ends otherwise when ${side} die at ${point}`, { cause: error })
    }
    return this.#fleet[side].kills > before
  }

  /** One operation to its end, with everything that must be so afterwards, whatever has died meanwhile. */
  async #play(): Promise<Operation__Output> {
    const round = this.#round
    this.#round += 1
    const before = this.#fleet.world.state()
    const operation = await this.#fleet.toItsEnd(api => this.#story.ask(api, round))
    if (operation.failure !== null && this.#story.mayBeTakenBack) this.#expectTakenBack(operation)
    else expect([operation.failure, operation.summary?.state]).toEqual([null, 'done'])
    expect(this.#fleet.world.doubled()).toEqual([])
    const { chains } = await this.#fleet.insist(api => api.VerifyAudit({}))
    expect(chains.filter(({ intact }) => !intact)).toEqual([])
    await this.#story.verify(this.#fleet, { round, before, isDone: operation.failure === null })
    await this.#calm()
    return operation
  }

  #expectTakenBack({ failure, phases }: Operation__Output): void {
    this.takenBack += 1
    if (failure?.message !== 'the agent died while it ran the command') expect(failure?.message).toMatch(OUT_OF_TIME)
    const steps = phases.flatMap(phase => phase.steps)
    const held = steps.filter(({ title }) => title.startsWith('hold the pooler'))
    expect(held.filter(({ state }) => state !== 'compensated' && state !== 'pending')).toEqual([])
  }

  /** Until every agent is back and nothing holds a lock. */
  async #calm(): Promise<void> {
    await until(async () => {
      const { nodes, clusters, operations } = await this.#fleet.insist(api => api.Status({}))
      const isCalm =
        nodes.every(({ state }) => state === 'ready') &&
        clusters.every(({ state }) => state === 'healthy') &&
        operations.length === 0
      return isCalm ? true : null
    }, SETTLE_MS)
  }
}

function expectSameSteps(operation: Operation__Output, wanted: Operation__Output): void {
  const steps = operation.phases.flatMap(phase => phase.steps)
  if (!steps.some(({ detail }) => HELD_ANEW.test(detail))) return expect(stepsOf(operation)).toEqual(stepsOf(wanted))
  expect(kindsOfSteps(operation)).toEqual(kindsOfSteps(wanted))
}

/** Each step once, however often the program came by. */
function kindsOfSteps({ phases }: Operation__Output): ReadonlySet<string> {
  return new Set(
    phases.flatMap(({ name, steps }) => steps.map(({ title, state }) => `${name}: ${state} ${withoutNumber(title)}`)),
  )
}

/** What was done, without how long it took or how often it was tried. */
function stepsOf({ phases }: Operation__Output): readonly string[] {
  return phases.flatMap(({ name, steps }) =>
    steps.map(
      ({ stepId, title, state, node }) =>
        `${name}: ${stepId} ${state} ${withoutNumber(title)} ${node === '' ? '' : 'on a node'}`,
    ),
  )
}

/** Members take turns in being primary. */
function withoutNumber(title: string): string {
  return title.replaceAll(/pg-main-\d+/g, 'pg-main-N')
}
