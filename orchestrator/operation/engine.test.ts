import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DroverError } from '../../shared/domain/errors.ts'
import { engineTools, TEST_OPERATION } from '../../test/support/engine-tools.ts'
import { temporaryStore } from '../../test/support/temporary-store.ts'
import type { Store } from '../store/store.ts'
import { CANCELLED, runOperation } from './engine.ts'
import type { OperationKind } from './program.ts'
import type { OperationRecord } from './record.ts'
import { isEnded } from './state.ts'

describe('the engine', () => {
  let temporary: ReturnType<typeof temporaryStore>
  beforeEach(() => {
    temporary = temporaryStore()
  })
  afterEach(() => temporary[Symbol.asyncDispose]())

  it('gives each step’s result to the program, and the program’s output to the operation', async () => {
    const world = createWorld()
    expect(await runAll(temporary.store, world, drive(world))).toMatchObject({ state: 'done', output: { sum: 5 } })
    expect(world.effects).toEqual(['one', 'two', 'three'])
    expect((await temporary.store.range('locks/')).entries).toEqual([])
  })

  it('undoes everything that was begun when a step fails before the pivot, newest first', async () => {
    const world = createWorld({ failAt: 'two' })
    expect(await runAll(temporary.store, world, drive(world))).toMatchObject({
      state: 'failed',
      rolledBack: true,
      failure: { message: 'two broke' },
    })
    expect(world.effects).toEqual(['one', 'undo two', 'undo one'])
    expect((await temporary.store.range('locks/')).entries).toEqual([])
  })

  it('goes on undoing when one step cannot be undone, and says so', async () => {
    const world = createWorld({ failAt: 'two', stuck: 'two' })
    expect(await runAll(temporary.store, world, drive(world))).toMatchObject({
      state: 'failed',
      failure: { message: 'two broke; two could not be taken back: two is stuck' },
    })
    expect(world.effects).toEqual(['one', 'undo one'])
    expect((await temporary.store.range('locks/')).entries).toEqual([])
  })

  it('undoes side by side what was started together, so that a silent host holds up nobody, and only then what came before', async () => {
    const tools = engineTools(temporary.store)
    const undone: string[] = []
    const silent = Promise.withResolvers<void>()
    const kind: OperationKind<never, null> = {
      kind: 'test',
      async run(_, op) {
        const step = (name: string, undoing: Promise<void> = Promise.resolve()) =>
          op.step({
            title: name,
            act: async () => ({ result: 1, detail: name }),
            compensate: async () => {
              await undoing
              undone.push(name)
              return { detail: name }
            },
          })
        await step('first')
        await Promise.all([step('one'), step('two', silent.promise), step('three')])
        throw new DroverError('failed', 'it broke', { retryable: false })
      },
    }
    const { id } = TEST_OPERATION
    await tools.journal.create({ record: TEST_OPERATION, steps: [], input: 0, decisions: [] })
    const signal = new AbortController().signal
    const ended = runOperation({ id, kind, tools, signal, stopping: signal })
    await expect.poll(() => undone.toSorted()).toEqual(['one', 'three'])
    silent.resolve()
    await ended
    expect(undone.slice(2)).toEqual(['two', 'first'])
  })

  it('leaves a step as it was that had nothing to take back any more', async () => {
    const tools = engineTools(temporary.store)
    const kind: OperationKind<never, null> = {
      kind: 'test',
      async run(_, op) {
        await op.step({ title: 'held', act: async () => ({ result: 1, detail: 'one' }), compensate: async () => null })
        throw new DroverError('failed', 'it broke', { retryable: false })
      },
    }
    const { id } = TEST_OPERATION
    await tools.journal.create({ record: TEST_OPERATION, steps: [], input: 0, decisions: [] })
    const signal = new AbortController().signal
    await runOperation({ id, kind, tools, signal, stopping: signal })
    expect((await tools.journal.operation(id)).status).toMatchObject({ state: 'failed', rolledBack: true })
    expect((await tools.journal.steps(id)).map(({ status }) => status.state)).toEqual(['done'])
  })

  it('leaves everything as it is when a step fails after the pivot, and goes on when resumed', async () => {
    const world = createWorld({ failAt: 'three' })
    expect(await runAll(temporary.store, world, drive(world))).toMatchObject({ state: 'failed', rolledBack: false })
    expect(world.effects).toEqual(['one', 'two'])
    world.failAt = undefined
    expect(await runAll(temporary.store, world, drive(world))).toMatchObject({ state: 'done', output: { sum: 5 } })
    expect(world.effects).toEqual(['one', 'two', 'three'])
  })

  it.each([
    { fails: 'two', effects: ['one'], rolledBack: false },
    { fails: 'three', effects: ['one', 'two', 'undo two'], rolledBack: true },
  ])('undoes nothing that was kept, and what came after it: $fails fails', async ({ fails, effects, rolledBack }) => {
    const tools = engineTools(temporary.store)
    const seen: string[] = []
    const kind: OperationKind<never, null> = {
      kind: 'test',
      async run(_, op) {
        const step = (name: string) =>
          op.step({
            title: name,
            async act() {
              if (name === fails) throw new DroverError('failed', 'it broke', { retryable: false })
              seen.push(name)
              return { result: 1, detail: name }
            },
            ...(name === fails ? {} : { compensate: async () => (seen.push(`undo ${name}`), { detail: name }) }),
          })
        await step('one')
        op.keep()
        await step('two')
        await step('three')
        return { output: null }
      },
    }
    const { id } = TEST_OPERATION
    await tools.journal.create({ record: TEST_OPERATION, steps: [], input: 0, decisions: [] })
    const signal = new AbortController().signal
    await runOperation({ id, kind, tools, signal, stopping: signal })
    expect((await tools.journal.operation(id)).status).toMatchObject({ state: 'failed', rolledBack })
    expect(seen).toEqual(effects)
  })

  it('undoes its steps when a person cancels it before the pivot', async () => {
    const person = new AbortController()
    const world = createWorld({ onStep: name => name === 'two' && person.abort(CANCELLED) })
    expect(await runAll(temporary.store, world, drive(world), person.signal)).toMatchObject({
      state: 'cancelled',
      rolledBack: true,
    })
    expect(world.effects).toEqual(['one', 'two', 'undo two', 'undo one'])
  })

  it.each([
    { cancelled: true, ends: { state: 'cancelled', rolledBack: true }, told: [] },
    { cancelled: false, ends: { state: 'done' }, told: ['pivot'] },
  ])('says that it passes its pivot before anybody can cancel it then: cancelled before: $cancelled', async story => {
    const tools = engineTools(temporary.store)
    const person = new AbortController()
    const kind: OperationKind<never, null> = {
      kind: 'test',
      async run(_, op) {
        const act = async () => ({ result: 1, detail: 'one' })
        await op.step({ title: 'one', act, compensate: async () => ({ detail: 'undone' }) })
        if (story.cancelled) person.abort(CANCELLED)
        await op.pivot()
        return { output: null }
      },
    }
    const { id } = TEST_OPERATION
    const told: string[] = []
    const onPivot = () => void told.push('pivot')
    await tools.journal.create({ record: TEST_OPERATION, steps: [], input: 0, decisions: [] })
    const stopping = new AbortController().signal
    await runOperation({ id, kind, tools, signal: person.signal, stopping, onPivot })
    expect((await tools.journal.operation(id)).status).toMatchObject(story.ends)
    expect(told).toEqual(story.told)
  })

  for (const failAt of [undefined, 'two', 'three'] as const) {
    const story = failAt === undefined ? 'all goes well' : `step ${failAt} fails`
    it(`ends the same however often it is killed on the way when ${story}`, async () => {
      const undisturbed = createWorld({ failAt })
      const expected = await runAll(temporary.store, undisturbed, drive(undisturbed))
      let writes = 0
      for (let killedAt = 1; ; killedAt += 1) {
        await using other = temporaryStore()
        const world = createWorld({ failAt })
        const killed = killAtWrite(other.store, killedAt)
        await runAll(killed.store, world, drive(world)).catch(() => undefined)
        const { state } = await runAll(other.store, world, drive(world))
        expect({ killedAt, state }).toEqual({ killedAt, state: expected.state })
        expect(world.standing()).toEqual(undisturbed.standing())
        if (!killed.happened()) break
        writes = killedAt
      }
      expect(writes).toBeGreaterThan(6)
    })
  }
})

type Name = 'one' | 'two' | 'three'

interface World {
  failAt: Name | undefined
  readonly stuck: Name | undefined
  readonly onStep: (name: Name) => unknown
  readonly effects: string[]
  /** What has been done and not been undone. */
  readonly standing: () => readonly string[]
}

function createWorld(
  options: { failAt?: Name | undefined; stuck?: Name; onStep?: (name: Name) => unknown } = {},
): World {
  const effects: string[] = []
  return {
    failAt: options.failAt,
    stuck: options.stuck,
    onStep: options.onStep ?? (() => undefined),
    effects,
    standing: () => {
      const standing = new Set<string>()
      for (const effect of effects)
        if (effect.startsWith('undo ')) standing.delete(effect.slice(5))
        else standing.add(effect)
      return [...standing].sort()
    },
  }
}

/** Two steps that can be undone, the pivot, one that cannot. */
function drive(world: World): OperationKind<number, { sum: number }> {
  const act = async (name: Name, value: number) => {
    world.onStep(name)
    if (world.failAt === name) throw new DroverError('failed', `${name} broke`, { retryable: false })
    world.effects.push(name)
    return { result: value, detail: name }
  }
  const undo = async (name: Name) => {
    if (world.stuck === name) throw new DroverError('failed', `${name} is stuck`)
    world.effects.push(`undo ${name}`)
    return { detail: name }
  }
  return {
    kind: 'test',
    async run(first, op) {
      op.phase('there')
      const one = await op.step({ title: 'one', act: () => act('one', first), compensate: () => undo('one') })
      const two = await op.step({
        title: 'two',
        act: async context => {
          const acted = await act('two', one + 1)
          context.signal.throwIfAborted()
          return acted
        },
        compensate: () => undo('two'),
      })
      await op.pivot()
      op.phase('on')
      const three = await op.step({ title: 'three', act: () => act('three', 2) })
      return { output: { sum: one + two + three } }
    },
  }
}

/** A process that works on the operation until it ends; it is made when it is not there yet. */
async function runAll(
  store: Store,
  world: World,
  kind: OperationKind<never, unknown>,
  person = new AbortController().signal,
): Promise<OperationRecord['status']> {
  const { journal } = engineTools(store)
  const known = (await journal.list(1))[0]
  if (known === undefined) await journal.create({ record: TEST_OPERATION, steps: [], input: 1, decisions: [] })
  else if (isEnded(known.status) && world.failAt === undefined && known.status.state === 'failed')
    await journal.reopen({ ...known, resumes: (known.resumes ?? 0) + 1 }, 0)
  else if (isEnded(known.status)) return known.status
  await runOperation({
    id: TEST_OPERATION.id,
    kind,
    tools: engineTools(store),
    signal: person,
    stopping: new AbortController().signal,
  })
  return (await journal.operation(TEST_OPERATION.id)).status
}

/** From its n-th write on the store takes nothing: the process is dead, whatever it still tries. */
function killAtWrite(store: Store, at: number): { readonly store: Store; readonly happened: () => boolean } {
  let writes = 0
  const txn: Store['txn'] = async request => {
    writes += 1
    if (writes >= at) throw new Error('killed')
    return store.txn(request)
  }
  const dying = new Proxy(store, {
    get: (target, name) => {
      if (name === 'txn') return txn
      const value = Reflect.get(target, name) as unknown
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return { store: dying, happened: () => writes >= at }
}
