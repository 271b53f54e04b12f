import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changeVoters, hasMajority, type VoterState, voterChangeBlocker } from './change-voters.ts'

function order(state: VoterState, joining: readonly string[], leaving: readonly string[]): readonly string[] {
  return [...changeVoters(state, { joining, leaving })].map(({ kind, voter }) => `${kind} ${voter}`)
}

const three = ['a', 'b', 'c']

describe('the order in which voters of etcd change', () => {
  it('brings the newcomer in before the one that is well leaves', () => {
    expect(order({ voters: three, well: three }, ['d'], ['a'])).toEqual(['add-learner d', 'promote d', 'remove a'])
  })

  it('removes a dead one first', () => {
    expect(order({ voters: three, well: ['a', 'b'] }, ['d'], ['c'])).toEqual(['remove c', 'add-learner d', 'promote d'])
  })

  it('grows by one learner at a time', () => {
    expect(order({ voters: ['a'], well: ['a'] }, ['b', 'c'], [])).toEqual([
      'add-learner b',
      'promote b',
      'add-learner c',
      'promote c',
    ])
  })

  it('shrinks one by one', () => {
    expect(order({ voters: three, well: three }, [], ['b', 'c'])).toEqual(['remove b', 'remove c'])
  })

  it('goes on where it was stopped', () => {
    expect(order({ voters: three, well: three, learner: 'd' }, ['d'], ['a'])).toEqual(['promote d', 'remove a'])
    expect(order({ voters: [...three, 'd'], well: [...three, 'd'] }, ['d'], ['a'])).toEqual(['remove a'])
  })

  it('is not begun without a majority', () => {
    expect(voterChangeBlocker({ voters: three, well: ['a'] })).toBe(
      '1 of 3 voters of etcd are well, which is no majority',
    )
    expect(voterChangeBlocker({ voters: three, well: ['a', 'b'] })).toBeUndefined()
  })

  it('never gives up the majority, has one learner at most, and ends as wanted, wherever it starts', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
    const some = fc.subarray(names, { minLength: 1 })
    fc.assert(
      fc.property(some, some, some, (voters, alive, wanted) => {
        const well = voters.filter(voter => alive.includes(voter))
        const joining = wanted.filter(voter => !voters.includes(voter))
        const leaving = voters.filter(voter => !wanted.includes(voter))
        fc.pre(voterChangeBlocker({ voters, well }) === undefined)
        // Enough of those who stay or come have to be well, or nobody could be let go.
        fc.pre(wanted.filter(voter => alive.includes(voter) || joining.includes(voter)).length > wanted.length / 2)
        const steps = changeVoters({ voters, well }, { joining, leaving })
        let learners = 0
        for (let step = steps.next(); ; step = steps.next()) {
          if (step.done === true) {
            expect([...step.value.voters].sort()).toEqual([...wanted].sort())
            expect(hasMajority(step.value)).toBe(true)
            break
          }
          if (step.value.kind === 'add-learner') learners += 1
          if (step.value.kind === 'promote') learners -= 1
          expect(learners).toBeLessThanOrEqual(1)
        }
      }),
    )
  })
})
