import { paperResponse } from '../../orchestrator/cli/paper/paper-response.ts'
import { paperSnapshot } from '../../orchestrator/cli/paper/paper-snapshot.ts'
import { type PaperFleet, readFactsFile } from '../../orchestrator/cli/paper/read-facts-file.ts'
import { renderError } from '../../orchestrator/cli/render/error.ts'
import { renderPlan } from '../../orchestrator/cli/render/plan.ts'
import { defaultPlanner } from '../../orchestrator/operation/default-planner.ts'
import { planAgainst } from '../../orchestrator/operation/make-plan.ts'
import { DroverError } from '../../shared/domain/errors.ts'
import type { Snapshot, SnapshotNode } from '../../shared/domain/snapshot.ts'
import { afterSteps } from './plan-runner.ts'

const OUTPUT = { write: () => undefined, interactive: false, color: false, columns: 80 }
const FENCE = /^```(?<info>[^\n]*)\n(?<body>[^]*?)^```$/gm

/**
 * A case in a Markdown file: what is applied before, if anything, then a fleet file and its hosts, then what a person sees.
 * Blocks are `yaml before`, `json before`, `yaml fleet`, `json hosts` and `text shown WORDS`; WORDS name the settings
 * that are shown, `steps`, and `rebalance`.
 */
export async function retold(markdown: string): Promise<string> {
  const blocks = new Map<string, string>()
  for (const { groups } of markdown.matchAll(FENCE)) blocks.set(groups?.['info'] ?? '', groups?.['body'] ?? '')
  const [shown = 'text shown'] = [...blocks.keys()].filter(info => info.startsWith('text shown'))
  const words = shown.split(' ').slice(2)
  const before = blocks.get('yaml before')
  const hosts = hostsOf(block(blocks, 'json hosts'))
  const story: Story = {
    fleet: block(blocks, 'yaml fleet'),
    hosts,
    before:
      before === undefined
        ? undefined
        : { fleet: before, hosts: blocks.has('json before') ? hostsOf(block(blocks, 'json before')) : hosts },
  }
  const text = await summary(story, words)
  return markdown.replaceAll(FENCE, (fence, info: string) => (info === shown ? `\`\`\`${shown}\n${text}\`\`\`` : fence))
}

interface Story {
  readonly fleet: string
  readonly hosts: PaperFleet
  readonly before: { readonly fleet: string; readonly hosts: PaperFleet } | undefined
}

function block(blocks: ReadonlyMap<string, string>, info: string): string {
  const found = blocks.get(info)
  if (found === undefined) throw new Error(`the case has no block \`${info}\``)
  return found
}

function hostsOf(json: string): PaperFleet {
  return readFactsFile(json, 'hosts.json')
}

/** What `drover plan --facts hosts.json --explain` prints at 80 columns, without what the case is not about. */
async function summary({ fleet, hosts, before }: Story, words: readonly string[]): Promise<string> {
  const running = before === undefined ? undefined : await applied(before.fleet, before.hosts)
  const rebalance = words.includes('rebalance') ? { rebalance: {} } : {}
  try {
    const plan = await planAgainst(
      { specYaml: fleet, fileName: 'fleet.yml', ...rebalance },
      {
        planner: defaultPlanner,
        snapshotFor: async spec => {
          const paper = paperSnapshot(spec, hosts)
          if (running === undefined) return paper.snapshot
          return {
            ...running,
            packages: paper.snapshot.packages,
            nodes: hosts.nodes.map(node => asItIs(node, running)),
          }
        },
      },
    )
    const response = paperResponse({ ...plan, planId: 'id' }, hosts, [])
    const isAsked = ({ name }: { readonly name: string }): boolean => words.includes(name)
    const text = renderPlan(
      OUTPUT,
      {
        ...response,
        settings: response.settings.filter(isAsked),
        kernel: response.kernel.filter(isAsked),
      },
      { explain: true },
    )
    return words.includes('steps') ? text : text.replace(/^steps\n(?: .*\n)*/m, '')
  } catch (error) {
    if (error instanceof DroverError) return renderError(OUTPUT, error, false)
    throw error
  }
}

/** The fleet after an apply that went well. */
async function applied(fleet: string, hosts: PaperFleet): Promise<Snapshot> {
  const taken: Snapshot[] = []
  const plan = await planAgainst(
    { specYaml: fleet, fileName: 'before.yml' },
    {
      planner: defaultPlanner,
      snapshotFor: async spec => {
        const { snapshot } = paperSnapshot(spec, hosts)
        taken.push(snapshot)
        return snapshot
      },
    },
  )
  const [snapshot] = taken
  if (snapshot === undefined) throw new Error('nothing was planned')
  return afterSteps(snapshot, plan)
}

/** Hardware, labels and state as they are; what Drover put there, runs there and measured there as it was. */
function asItIs(node: SnapshotNode, running: Snapshot): SnapshotNode {
  const known = running.nodes.find(({ id }) => id === node.id)
  const fsync = node.facts?.fsync ?? known?.facts?.fsync
  return {
    ...known,
    ...node,
    ...(node.facts === undefined ? {} : { facts: { ...node.facts, ...(fsync === undefined ? {} : { fsync }) } }),
  }
}
