import type { InstanceName, NodeId } from '../../shared/domain/ids.ts'
import type { Look, ServerSurvey } from '../../shared/domain/look.ts'
import type { DriftReport } from '../../shared/domain/observation.ts'
import { Pulse } from './pulse.ts'

/** What is known of one server at rest. */
export interface SeenServer {
  /** Absent: it has not been surveyed in this session. */
  readonly survey?: ServerSurvey
  readonly digest?: string
  /** Digest of roles, databases and what is in them. */
  readonly contents?: string
  /** Why it could not be asked last. */
  readonly why?: string
  /** Unix milliseconds, orchestrator clock: when its agent last told of it. */
  readonly toldAt: number
}

interface SeenNode {
  readonly asked: number
  readonly answered: number
  readonly drift?: DriftReport
  readonly servers: ReadonlyMap<InstanceName, SeenServer>
}

const NOBODY: SeenNode = { asked: 0, answered: 0, servers: new Map() }

/** What agents found when they looked closely. In memory only: a new session begins with everything. */
export class Looks {
  readonly changes = new Pulse()
  readonly #nodes = new Map<NodeId, SeenNode>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  /** A session begins; whatever was asked before has no answer any more. */
  opened(id: NodeId): void {
    this.#nodes.delete(id)
    this.changes.beat()
  }

  /** The number of a new question to this node. */
  asking(id: NodeId): number {
    const before = this.#nodes.get(id) ?? NOBODY
    const asked = before.asked + 1
    this.#nodes.set(id, { ...before, asked })
    return asked
  }

  took(id: NodeId, look: Look): void {
    const before = this.#nodes.get(id) ?? NOBODY
    const toldAt = this.#now()
    const servers = new Map(
      look.servers.map((each): [InstanceName, SeenServer] => {
        if ('why' in each) return [each.instance, { why: each.why, toldAt }]
        const { instance, digest, contents } = each
        const known = before.servers.get(instance)
        const survey = each.survey ?? (known?.digest === digest ? known.survey : undefined)
        return [
          instance,
          {
            digest,
            toldAt,
            ...(survey === undefined ? {} : { survey }),
            ...(contents === undefined ? {} : { contents }),
          },
        ]
      }),
    )
    const { answered: _, drift: _old, ...kept } = before
    const { answers: answered, drift } = look
    this.#nodes.set(id, { ...kept, answered, servers, ...(drift === undefined ? {} : { drift }) })
    this.changes.beat()
  }

  hasAnswered(id: NodeId, number: number): boolean {
    const { asked, answered } = this.#nodes.get(id) ?? NOBODY
    return asked >= number && answered >= number
  }

  /** Of the last question that was answered. */
  drift(id: NodeId): DriftReport | undefined {
    return this.#nodes.get(id)?.drift
  }

  server(id: NodeId, instance: InstanceName): SeenServer | undefined {
    return this.#nodes.get(id)?.servers.get(instance)
  }
}
