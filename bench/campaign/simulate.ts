import { setTimeout as delay } from 'node:timers/promises'
import type { CrashFleet } from '../../test/support/crash/crash-fleet.ts'
import { createRandom } from '../../test/support/random.ts'
import { type BegunAround, begunAround, mostAtOnce, notOnce, type Span } from './check.ts'
import { type CrowdFleet, type CrowdSize, operationEnds, startCrowdFleet, zoneOf } from './crowd-fleet.ts'
import { NEWER, OLDER } from './crowd-world.ts'
import { createUsageMeter, type Usage } from './usage.ts'

export interface Caps {
  readonly fleet: number
  readonly node: number
  readonly zone: number
}

/** What one campaign did, and what it cost the orchestrator. */
export interface Simulated {
  readonly name: string
  readonly kills: number
  readonly seconds: number
  readonly caps: Caps
  readonly most: Caps
  readonly notOnce: readonly string[]
  /** Clusters that were begun around a time when no window was open; absent: there was no such time. */
  readonly aroundGap?: BegunAround
  /** For each hundred clusters in the order of their ends. */
  readonly costs: readonly Cost[]
}

export interface Cost {
  readonly clusters: number
  readonly seconds: number
  readonly cpuSeconds: number
  readonly highestRssBytes: number
}

export interface SimulateRequest extends CrowdSize {
  readonly caps: Caps
  readonly kills: number
  readonly report: (line: string) => void
  readonly signal: AbortSignal
}

const LOOK_MS = 1_000
const COUNTED = 100
const GAP_MS = 60_000
/** Clusters should be under way when the gap comes: after each machine has tried the version, and some time more. */
const TRIAL_MS_PER_NODE = 300
const BEFORE_GAP_MS = 60_000
/** Between a look at the clock and the record of the operation that begins. */
const BEGIN_MS = 2_000

/** To the newer version with a time in which no maintenance window is open; then back, with an orchestrator that is killed again and again. */
export async function simulate(request: SimulateRequest): Promise<readonly Simulated[]> {
  await using crowd = await startCrowdFleet(request, request)
  const runs = Date.now() + request.nodes * TRIAL_MS_PER_NODE + BEFORE_GAP_MS
  const gapFrom = Math.ceil(runs / GAP_MS) * GAP_MS
  const gap = { from: gapFrom + BEGIN_MS, to: gapFrom + GAP_MS }
  const windows = [
    `Sun-Sat ${clock(Date.now() - GAP_MS)}-${clock(gapFrom)}`,
    `Sun-Sat ${clock(gapFrom + GAP_MS)}-${clock(gapFrom + 12 * 60 * GAP_MS)}`,
  ]
  const forward = await campaign(crowd, { ...request, name: `to ${NEWER}`, kills: 0, gap, more: { windows } })
  const back = await campaign(crowd, { ...request, name: `back to ${OLDER}`, more: { to: OLDER } })
  return [forward, back]
}

/** `02:05`, UTC. */
function clock(at: number): string {
  return new Date(at).toISOString().slice(11, 16)
}

async function campaign(
  { fleet, nodesOf }: CrowdFleet,
  request: SimulateRequest & {
    readonly name: string
    readonly gap?: { readonly from: number; readonly to: number }
    readonly more: object
  },
): Promise<Simulated> {
  const { name, kills, caps, gap, report, signal } = request
  const since = Date.now()
  const version = name.split(' ').at(-1)
  const isDone = (message: Readonly<Record<string, unknown>>): boolean => message['version'] === version
  const doneBefore = fleet.agents.messages.filter(isDone).length
  const done = (): number => fleet.agents.messages.filter(isDone).length - doneBefore
  const operationId = await begin(fleet, caps, request.more)
  const usage = await createUsageMeter(() => fleet.orchestrator.pid)
  const samples: (Usage & { readonly done: number })[] = []
  const ended = new AbortController()
  const watching = (async () => {
    while (!ended.signal.aborted) {
      const now = await usage()
      if (now !== null) samples.push({ ...now, done: done() })
      if (samples.length % 30 === 1) report(`${name}: ${done()} of ${nodesOf.size} clusters, ${shown(now)}`)
      await delay(LOOK_MS)
    }
  })()
  try {
    const murders = killAgainAndAgain(fleet, {
      kills,
      done,
      of: nodesOf.size,
      signal: AbortSignal.any([ended.signal, signal]),
    })
    await operationEnds(fleet, operationId, signal)
    ended.abort()
    const killed = await murders
    const spans = await spansSince(fleet, since)
    const nodes = ({ cluster }: Span): readonly string[] => nodesOf.get(cluster) ?? []
    return {
      name,
      kills: killed,
      seconds: (Date.now() - since) / 1000,
      caps,
      most: {
        fleet: mostAtOnce(spans, () => ['fleet']),
        node: mostAtOnce(spans, nodes),
        zone: mostAtOnce(spans, span => nodes(span).map(zoneOf)),
      },
      notOnce: notOnce(spans, [...nodesOf.keys()]),
      ...(gap === undefined ? {} : { aroundGap: begunAround(spans, gap) }),
      costs: costsOf(samples),
    }
  } finally {
    ended.abort()
    await watching
  }
}

async function begin(fleet: CrashFleet, { fleet: all, node, zone }: Caps, more: object): Promise<string> {
  const request = { soakSeconds: 1, caps: { fleet: all, node, labels: { zone } }, ...more }
  const asked = { kind: 'upgrade', requestJson: JSON.stringify(request) }
  return (await fleet.ask(api => api.StartOperation(asked))).operationId
}

/** At random points of the first nine tenths. Answers with how often. */
async function killAgainAndAgain(
  fleet: CrashFleet,
  request: {
    readonly kills: number
    readonly done: () => number
    readonly of: number
    readonly signal: AbortSignal
  },
): Promise<number> {
  const random = createRandom(17)
  const points = Array.from({ length: request.kills }, () => random() * 0.9 * request.of).sort((a, b) => a - b)
  let killed = 0
  for (const point of points) {
    while (request.done() < point && !request.signal.aborted) await delay(50)
    if (request.signal.aborted) return killed
    fleet.orchestrator.signal('SIGKILL')
    killed += 1
    await fleet.orchestrator.ready()
    await delay(random() * 10_000)
  }
  return killed
}

async function spansSince(fleet: CrashFleet, since: number): Promise<readonly Span[]> {
  const { operations } = await fleet.insist(api => api.ListOperations({ limit: 2_000 }))
  return operations
    .filter(({ kind, createdAtMs }) => kind === 'upgrade-cluster' && createdAtMs >= since)
    .map(({ subject, createdAtMs, endedAtMs }) => ({
      cluster: subject.split(' ')[0] ?? '',
      from: createdAtMs,
      to: endedAtMs ?? Number.POSITIVE_INFINITY,
    }))
}

function costsOf(samples: readonly (Usage & { readonly done: number })[]): readonly Cost[] {
  const costs: Cost[] = []
  let first = samples[0]
  for (const [index, sample] of samples.entries()) {
    if (first === undefined) break
    const isLast = index === samples.length - 1
    if (sample.done < first.done + COUNTED && !isLast) continue
    const own = samples.filter(({ at }) => at >= (first?.at ?? 0) && at <= sample.at)
    if (sample.done > first.done)
      costs.push({
        clusters: sample.done - first.done,
        seconds: (sample.at - first.at) / 1000,
        cpuSeconds: sample.cpuSeconds - first.cpuSeconds,
        highestRssBytes: Math.max(...own.map(({ rssBytes }) => rssBytes)),
      })
    first = sample
  }
  return costs
}

function shown(usage: Usage | null): string {
  if (usage === null) return 'no orchestrator'
  return `CPU ${usage.cpuSeconds.toFixed(0)} s, ${(usage.rssBytes / 1e6).toFixed(0)} MB`
}
