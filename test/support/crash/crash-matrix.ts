import { expect } from 'vitest'
import type { Operation__Output } from '../../../proto/gen/drover/v1/Operation.ts'
import type { FleetClient } from '../../../shared/wire/services.ts'
import type { CrashFleet } from './crash-fleet.ts'
import { until } from './until.ts'

/** One operation that can be asked for again and again, and how the world must look afterwards. */
export interface CrashStory {
  readonly kind: string
  /** Begins it; the round counts from 0. */
  ask(api: FleetClient, round: number): Promise<string>
  /** Throws when the world is not what so many operations that say `done` have made of it, the last one with this round. */
  verify(fleet: CrashFleet, so: { readonly round: number; readonly done: number }): Promise<void>
  /** Clients wait meanwhile: where an agent dies before the pivot, or nobody works on it for too long, it may also be taken back, whole. */
  readonly mayBeTakenBack: boolean
}

/** A place where one of the processes dies: `write:operation-steps:after:7`. */
export interface DeathPoint {
  readonly side: 'orchestrator' | 'agents'
  readonly point: string
}

/** What is written whenever time passes, whatever an operation does. */
const BESIDE = /^write:(live|facts|health|nodes|nothing)/

const SETTLE_MS = 20_000
const OUT_OF_TIME = /not done within \d+ s$/

/** Runs the story over one fleet, round after round, each with another death. */
export class CrashMatrix {
  readonly #fleet: CrashFleet
  readonly #story: CrashStory
  #round = 0
  #done = 0
  /** How many were taken back because an agent had died. */
  takenBack = 0
  #wanted: readonly string[] = []

  constructor(fleet: CrashFleet, story: CrashStory) {
    this.#fleet = fleet
    this.#story = story
  }

  /** Once without any death: how it has to end, and every point that it passes. */
  async points(): Promise<readonly DeathPoint[]> {
    const { orchestrator, agents } = this.#fleet
    await Promise.all([orchestrator.arm('trace'), agents.arm('trace')])
    this.#wanted = stepsOf(await this.#play())
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
      if (!isTakenBack) expect(stepsOf(operation)).toEqual(this.#wanted)
    } catch (error) {
      throw new Error(`${this.#story.kind} ends otherwise when ${side} die at ${point}`, { cause: error })
    }
    return this.#fleet[side].kills > before
  }

  /** One operation to its end, with everything that must be so afterwards, whatever has died meanwhile. */
  async #play(): Promise<Operation__Output> {
    const round = this.#round
    this.#round += 1
    const operation = await this.#fleet.toItsEnd(api => this.#story.ask(api, round))
    if (operation.summary?.state === 'done') this.#done += 1
    if (operation.failure !== null && this.#story.mayBeTakenBack) this.#expectTakenBack(operation)
    else expect([operation.failure, operation.summary?.state]).toEqual([null, 'done'])
    expect(this.#fleet.world.doubled()).toEqual([])
    const { chains } = await this.#fleet.insist(api => api.VerifyAudit({}))
    expect(chains.filter(({ intact }) => !intact)).toEqual([])
    await this.#story.verify(this.#fleet, { round, done: this.#done })
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
