import { DroverError } from '../../../shared/domain/errors.ts'

export interface VoterState {
  /** Who votes now, by name. */
  readonly voters: readonly string[]
  /** Those of the voters that are well. */
  readonly well: readonly string[]
  /** Gets all data and has no vote; one at a time. */
  readonly learner?: string
}

export interface WantedVoters {
  readonly joining: readonly string[]
  readonly leaving: readonly string[]
}

export type VoterStep = { readonly kind: 'add-learner' | 'promote' | 'remove'; readonly voter: string }

/**
 * The order in which voters change, one at a time: whoever is dead is removed first, since it only weighs on the majority; then each
 * newcomer comes as a learner and gets its vote once it has caught up; then those who are well leave. It looks only at how things are,
 * so that it goes on from wherever an earlier run was stopped, and checks after every step that a majority of the voters is well.
 */
export function* changeVoters(observed: VoterState, wanted: WantedVoters): Generator<VoterStep, VoterState> {
  let state = observed
  for (let step = next(state, wanted); step !== undefined; step = next(state, wanted)) {
    const after = afterStep(state, step)
    assertMajority(after)
    yield step
    state = after
  }
  return state
}

/** Why nothing can be changed; undefined when it can. etcd takes no change without a majority, and would never get it back. */
export function voterChangeBlocker({ voters, well }: VoterState): string | undefined {
  return hasMajority({ voters, well })
    ? undefined
    : `${well.length} of ${voters.length} voters of etcd are well, which is no majority`
}

export function hasMajority({ voters, well }: VoterState): boolean {
  return well.length > voters.length / 2
}

function next(state: VoterState, { joining, leaving }: WantedVoters): VoterStep | undefined {
  const there = leaving.filter(voter => state.voters.includes(voter))
  const dead = there.find(voter => !state.well.includes(voter))
  if (dead !== undefined) return { kind: 'remove', voter: dead }
  if (state.learner !== undefined) return { kind: 'promote', voter: state.learner }
  const missing = joining.find(voter => !state.voters.includes(voter))
  if (missing !== undefined) return { kind: 'add-learner', voter: missing }
  const [leaver] = there
  return leaver === undefined ? undefined : { kind: 'remove', voter: leaver }
}

function afterStep({ voters, well, learner }: VoterState, { kind, voter }: VoterStep): VoterState {
  const kept = learner === undefined ? {} : { learner }
  const without = (names: readonly string[]): readonly string[] => names.filter(name => name !== voter)
  if (kind === 'add-learner') return { voters, well, learner: voter }
  if (kind === 'promote') return { voters: [...voters, voter], well: [...well, voter] }
  return { voters: without(voters), well: without(well), ...kept }
}

function assertMajority(state: VoterState): void {
  if (state.voters.length === 0 || !hasMajority(state))
    throw new DroverError(
      'internal',
      `etcd would have ${state.well.length} of ${state.voters.length} voters that are well`,
    )
}
