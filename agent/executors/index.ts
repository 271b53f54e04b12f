import type { FsyncProbe, NodeFacts } from '../../shared/domain/facts.ts'
import type { ConvergeResult, Manifest } from '../../shared/domain/manifest.ts'
import type { Exec } from '../host/host.ts'
import type { TlsClient } from '../observe/mutual-tls.ts'
import type { Executors } from './executor.ts'
import { createKeysetUpdate, type KeySetHolder } from './keyset-update.ts'
import { createPatroniConfigure } from './patroni-configure.ts'
import { createPostgresProvision } from './postgres-provision.ts'

export interface ExecutorParts {
  readonly exec: Exec
  /** For REST interfaces that want the node's certificates. */
  readonly tlsClient: TlsClient
  readonly keySets: KeySetHolder
  readonly collectFacts: (signal: AbortSignal) => Promise<NodeFacts>
  readonly probeFsync: (request: { readonly directory: string; readonly signal: AbortSignal }) => Promise<FsyncProbe>
  readonly converge: (request: {
    readonly manifest: Manifest
    readonly dryRun: boolean
    readonly signal: AbortSignal
    readonly progress: (line: string) => void
  }) => Promise<ConvergeResult>
}

/** What this agent can do, all of it. */
export function createExecutors(parts: ExecutorParts): Executors {
  return {
    converge: ({ args, signal, progress }) => parts.converge({ ...args, signal, progress }),
    'facts.collect': ({ signal }) => parts.collectFacts(signal),
    'disk.probe': ({ args, signal }) => parts.probeFsync({ directory: args.directory, signal }),
    'postgres.provision': createPostgresProvision({ exec: parts.exec }),
    'patroni.configure': createPatroniConfigure({ client: parts.tlsClient }),
    'keyset.update': createKeysetUpdate(parts.keySets),
  }
}
