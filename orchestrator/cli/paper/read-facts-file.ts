import type { z } from 'zod'
import { didYouMean } from '../../../shared/domain/closest-word.ts'
import { DroverError } from '../../../shared/domain/errors.ts'
import type { Problem } from '../../../shared/domain/problem.ts'
import type { Snapshot, SnapshotNode } from '../../../shared/domain/snapshot.ts'
import { diskSchema, factsFileSchema, hardwareSchema, nodeSchema, type StatedNode } from './facts-file-schema.ts'
import { hasFacts, hasHardware, paperNode } from './paper-node.ts'

/** Hosts to plan with, and what is known of the packages on offer for them. */
export interface PaperFleet {
  /** For messages. */
  readonly fileName: string
  readonly nodes: readonly SnapshotNode[]
  /** Names of hosts that no agent has seen: what is known of them was written by a person. */
  readonly assumed: ReadonlySet<string>
  /** By OS. An OS that is absent was not asked about. */
  readonly packages: Snapshot['packages']
}

/** Throws `invalid` with every problem and its path. */
export function readFactsFile(text: string, fileName: string): PaperFleet {
  const parsed = factsFileSchema.safeParse(parseJson(text, fileName))
  if (!parsed.success) throw invalid(fileName, parsed.error.issues.flatMap(problemsOf))
  const { nodes, packages } = parsed.data
  const problems = [...nodes.flatMap(hardwareProblems), ...nameProblems(nodes)]
  if (problems.length > 0) throw invalid(fileName, problems)
  return {
    fileName,
    nodes: nodes.map(paperNode).filter(({ state }) => state !== 'removed'),
    assumed: new Set(nodes.flatMap(node => (hasFacts(node) ? [] : [node.name]))),
    packages,
  }
}

function parseJson(text: string, fileName: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new DroverError('invalid', `${fileName} is not JSON: ${why}`, {
      cause,
      hint: '`drover node list --json` writes such a file; docs/planning.md shows the form to write by hand',
    })
  }
}

function problemsOf(issue: z.core.$ZodIssue): readonly Problem[] {
  const path = pathText(issue.path)
  if (issue.code !== 'unrecognized_keys')
    return [problem(path, issue.message.replace(/^Invalid (?:input|option): /, ''))]
  return issue.keys.map(key =>
    problem(path === '' ? key : `${path}.${key}`, 'unknown key', didYouMean(key, keysAt(issue.path))),
  )
}

function keysAt(path: readonly PropertyKey[]): readonly string[] {
  const shapes = { disks: diskSchema.shape, hardware: hardwareSchema.shape, nodes: nodeSchema.shape }
  const [name] = path.filter(step => typeof step === 'string').slice(-1)
  return Object.keys(shapes[name as keyof typeof shapes] ?? factsFileSchema.shape)
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map(step => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '')
}

/** A host that an orchestrator lists may have reported nothing yet; one that is written by hand has to say something. */
function hardwareProblems(node: StatedNode, index: number): readonly Problem[] {
  if (node.id !== undefined || hasFacts(node) || hasHardware(node)) return []
  return [
    problem(
      `nodes[${index}].hardware`,
      `${node.name} needs \`cores\` and \`memoryBytes\``,
      '"hardware": { "cores": 8, "memoryBytes": 34359738368, "disks": [{ "kind": "nvme", "sizeBytes": 1000000000000 }] }',
    ),
  ]
}

function nameProblems(nodes: readonly StatedNode[]): readonly Problem[] {
  const first = new Map<string, number>()
  return nodes.flatMap(({ name }, index) => {
    const before = first.get(name)
    if (before !== undefined) return [problem(`nodes[${index}].name`, `nodes[${before}] is called ${name} already`)]
    first.set(name, index)
    return []
  })
}

function problem(path: string, message: string, hint?: string): Problem {
  return {
    code: 'bad-facts-file',
    severity: 'error',
    ...(path === '' ? {} : { path }),
    message,
    ...(hint === undefined ? {} : { hint }),
  }
}

function invalid(fileName: string, problems: readonly Problem[]): DroverError {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`
  return new DroverError('invalid', `${fileName} has ${count}`, {
    problems,
    hint: 'docs/planning.md describes this file',
  })
}
