import { DroverError } from '../../shared/domain/errors.ts'
import { abortable, deadlineController } from '../../shared/lib/abort.ts'
import type { MeshClient } from '../../shared/wire/services.ts'
import type { IssueCertificate } from '../converge/converge-host.ts'

/** The mesh as the rest of the agent sees it: there while a session is open, waited for while it is not. */
export interface MeshLink {
  /** Called by each session with its client; returns the way to take it back. */
  open(client: MeshClient): () => void
  readonly issueCertificate: IssueCertificate
}

const WAIT_MS = 45_000
const CALL_MS = 20_000

export function createMeshLink(): MeshLink {
  let client: MeshClient | null = null
  const waiters = new Set<(client: MeshClient) => void>()

  async function connected(signal: AbortSignal): Promise<MeshClient> {
    if (client !== null) return client
    using deadline = deadlineController(WAIT_MS, signal)
    const { promise, resolve } = Promise.withResolvers<MeshClient>()
    waiters.add(resolve)
    try {
      return await abortable(promise, deadline.signal)
    } catch (error) {
      signal.throwIfAborted()
      throw new DroverError('unavailable', 'the orchestrator is not connected', { cause: error })
    } finally {
      waiters.delete(resolve)
    }
  }

  return {
    open: opened => {
      client = opened
      for (const resolve of waiters) resolve(opened)
      return () => {
        if (client === opened) client = null
      }
    },
    issueCertificate: async ({ itemName, csr, signal }) => {
      const mesh = await connected(signal)
      using deadline = deadlineController(CALL_MS, signal)
      return mesh.IssueCertificate({ itemName, csr }, { signal: deadline.signal })
    },
  }
}
