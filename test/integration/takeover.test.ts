import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openSqliteStore } from '../../orchestrator/store/sqlite-store.ts'
import { CrashFleet } from '../support/crash/crash-fleet.ts'
import { buildCrashPrograms, type CrashPrograms } from '../support/crash/crash-programs.ts'
import { shareStore } from '../support/crash/shared-store.ts'
import { STORIES } from '../support/crash/stories.ts'
import { Supervised } from '../support/crash/supervised.ts'
import { createRandom, sample } from '../support/random.ts'
import { waitUntil } from '../support/wait-until.ts'

let programs: CrashPrograms
let folder: string
let unshare: () => Promise<void>
let socket: string
/** Processes of a test, which end before the store does. */
let closers: (() => Promise<void>)[]

/** For a machine that is busy with other things. */
const PATIENCE_MS = 120_000

/** After which command it is frozen. */
const SWITCHOVER = { kind: 'switchover', command: 4 }
/** One of them, another one each time. Before a move hosts compare themselves, when nothing is decided yet. */
const OTHERS = [
  { kind: 'restart', command: 4 },
  { kind: 'move', command: 10 },
]
const SEED = Date.now() % 1_000_000

/** One store for two orchestrators, as several of them would share one etcd. */
beforeEach(async () => {
  closers = []
  programs = await buildCrashPrograms()
  folder = await mkdtemp(join(tmpdir(), 'drover-takeover-'))
  socket = join(folder, 'store.sock')
  const store = openSqliteStore({ path: join(folder, 'store.db') })
  const stop = await shareStore(store, socket)
  unshare = async () => {
    await stop()
    await store.close()
  }
}, 240_000)
afterEach(async () => {
  for (const close of closers.toReversed()) await close()
  await unshare()
  await programs[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

it.each([SWITCHOVER, ...sample(OTHERS, 1, createRandom(SEED))])(
  'an orchestrator that was frozen in a $kind while another one took over writes nothing more and sends nothing more',
  {
    timeout: 900_000,
  },
  async ({ kind, command }) => {
    const fleet = await CrashFleet.start({ programs, hosts: 4, storeSocket: socket })
    closers.push(() => fleet[Symbol.asyncDispose]())
    const story = STORIES.find(each => each.kind === kind)
    if (story === undefined) throw new Error('no such story')
    const given = await story.prepare(fleet)
    const world = fleet.world.state()
    const first = fleet.orchestrator
    const epoch = Number((await first.ready())['epoch'])

    // Frozen between the journal and the wire: the command is written, and not sent.
    await first.arm(`write:sealed:after:${command}=stop`)
    const asked = fleet.ask(api => story.ask(api, given, 0)).catch(() => undefined)
    await waitUntil(() => (first.isStopped() ? true : null), PATIENCE_MS)
    const before = fleet.world.effects().length

    const second = await anotherOrchestrator(fleet)
    closers.push(() => second.end())
    const ready = await second.ready()
    expect(Number(ready['epoch'])).toBeGreaterThan(epoch)

    first.signal('SIGCONT')
    await waitUntil(() => (first.messages.some(({ lost }) => lost === true) ? true : null), PATIENCE_MS)
    // The command that was already written may still go out once: its bytes are the new leader's as well. No further one does.
    expect(fleet.world.effects().length).toBeLessThanOrEqual(before + 1)
    expect(fleet.world.doubled()).toEqual([])

    // The fleet goes on with a leader that the agents reach: every effect once, both chains whole.
    await second.end()
    first.signal('SIGKILL')
    await asked
    const ended = await fleet.newestEnds()
    expect([ended.failure, ended.summary?.state]).toEqual([null, 'done'])
    await story.verify(fleet, { round: 0, given, before: world, isDone: true })
    expect(fleet.world.doubled()).toEqual([])
    const { chains } = await fleet.insist(api => api.VerifyAudit({}))
    expect(chains.filter(({ intact }) => !intact)).toEqual([])
  },
)

/** The same fleet in a folder of its own, on ports of its own. */
async function anotherOrchestrator(fleet: CrashFleet): Promise<Supervised> {
  const directory = join(folder, 'second')
  await cp(join(fleet.directory, 'fleet'), directory, { recursive: true })
  const config = join(directory, 'config.yml')
  const text = await readFile(config, 'utf8')
  const moved = text
    .replace(/socket: .*/, `socket: ${join(folder, 'second.sock')}`)
    .replaceAll(/(enrol|mesh): "?127\.0\.0\.1:\d+"?/g, '$1: 127.0.0.1:0')
  await writeFile(config, moved)
  const second = new Supervised(programs.orchestrator, directory, socket)
  second.start()
  return second
}
