import {
  AUDIT_GENESIS,
  type AuditHead,
  type AuditLink,
  appendAudit,
  findAuditBreak,
} from '../../shared/signing/audit-chain.ts'
import type { HostFiles } from '../host/files-types.ts'

/**
 * Everything this node was asked to do, also what it refused and why, as a hash chain in a file. The orchestrator collects the links;
 * what it has acknowledged is cut off the file once there is enough of it, the chain itself goes on.
 */
export interface Audit {
  /** Durable when it resolves. Records hold no secret: kinds, ids, reasons, never arguments. */
  record(event: AuditEvent): Promise<void>
  head(): AuditHead
  /** Links after that index, at most `limit`. */
  after(index: number, limit: number): readonly AuditLink[]
  /** The orchestrator has everything up to this index. */
  acknowledged(index: number): Promise<void>
}

export interface AuditEvent {
  readonly at: number
  readonly type:
    | 'agent:enrolled'
    | 'agent:renewed'
    | 'agent:keyset'
    | 'command:accepted'
    | 'command:refused'
    | 'command:finished'
    | 'command:interrupted'
  /** The kind of the command. */
  readonly subject?: string
  readonly commandId?: string
  readonly operationId?: string
  readonly sequence?: number
  readonly payloadHash?: string
  readonly reason?: string
  readonly state?: string
  readonly message?: string
}

/** Acknowledged links in the file before it is cut. */
const CUT_AFTER = 256
/** The file keeps at most this many links when no orchestrator takes them: the oldest go first. */
const MAX_LINKS = 4096

export async function openAudit(options: {
  readonly files: HostFiles
  readonly path: string
  readonly onBreak: (message: string) => void
}): Promise<Audit> {
  const { files, path, onBreak } = options
  let links = parse((await files.readText(path)) ?? '')
  const start = startOf(links)
  const broken = findAuditBreak(links, start)
  if (broken !== null) {
    onBreak(`the audit chain is ${broken.why} at index ${broken.index}`)
    links = links.slice(0, Math.max(0, broken.index - start.index - 1))
  }
  let head: AuditHead = links.at(-1) ?? start
  let acknowledgedIndex = 0
  let last: Promise<void> = Promise.resolve()

  function rewrite(): Promise<void> {
    return files.writeAtomic({ path, content: links.map(format).join(''), mode: 0o600 })
  }

  async function append(event: AuditEvent): Promise<void> {
    const link = appendAudit(head, JSON.stringify(event))
    if (links.length >= MAX_LINKS) links = links.slice(-MAX_LINKS / 2)
    if (needsRewrite) {
      links = [...links, link]
      await rewrite()
      needsRewrite = false
    } else {
      needsRewrite = true
      await files.append({ path, content: format(link), mode: 0o600 })
      needsRewrite = false
      links = [...links, link]
    }
    head = link
  }

  async function cut(index: number): Promise<void> {
    acknowledgedIndex = Math.max(acknowledgedIndex, Math.min(index, head.index))
    const first = links[0]?.index ?? head.index
    if (acknowledgedIndex - first < CUT_AFTER) return
    // The newest link stays: it carries the head of the chain.
    links = links.filter(link => link.index > acknowledgedIndex || link.index === head.index)
    await rewrite()
  }

  // The file may end in half a line after a crash; the first record writes it anew.
  let needsRewrite = true
  return {
    head: () => head,
    after: (index, limit) => links.filter(link => link.index > index).slice(0, limit),
    record: event => {
      last = last.catch(() => undefined).then(() => append(event))
      return last
    },
    // In turn with records: one that is appended while the file is replaced would be gone after a restart, and others have seen it.
    acknowledged: index => {
      last = last.catch(() => undefined).then(() => cut(index))
      return last
    },
  }
}

function startOf(links: readonly AuditLink[]): AuditHead {
  const first = links[0]
  return first === undefined ? AUDIT_GENESIS : { index: first.index - 1, hash: first.previousHash }
}

function format(link: AuditLink): string {
  return `${JSON.stringify(link)}\n`
}

function parse(text: string): AuditLink[] {
  const links: AuditLink[] = []
  for (const line of text.slice(0, text.lastIndexOf('\n') + 1).split('\n')) {
    if (line === '') continue
    try {
      links.push(JSON.parse(line) as AuditLink)
    } catch {
      return links
    }
  }
  return links
}
