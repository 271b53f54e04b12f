import { DroverError } from '../../../shared/domain/errors.ts'
import type { InstanceName } from '../../../shared/domain/ids.ts'
import type { ServerSurvey } from '../../../shared/domain/look.ts'
import type { InstanceWatch } from '../../../shared/domain/manifest.ts'
import { contentHash } from '../../../shared/lib/hash.ts'
import type { Exec } from '../../host/host.ts'
import type { TlsClient } from '../mutual-tls.ts'
import { contentsDigest } from './contents-digest.ts'
import { surveyServer } from './server-survey.ts'

export type Surveyed =
  | {
      readonly instance: InstanceName
      readonly digest: string
      readonly survey: ServerSurvey
      readonly contents?: string
    }
  | { readonly instance: InstanceName; readonly why: string }

/** Surveys of this node's servers. `thorough`: the contents of databases are looked at, too, however fresh they are. */
export type Surveyor = (request: {
  readonly watches: readonly InstanceWatch[]
  readonly thorough: boolean
  readonly signal: AbortSignal
}) => Promise<readonly Surveyed[]>

const CONTENTS_MS = 10 * 60_000

interface Contents {
  readonly at: number
  readonly digest: string | undefined
}

/** One server after the other: nobody is in a hurry. A server that cannot be asked is an answer too. */
export function createSurveyor(parts: {
  readonly exec: Exec
  readonly client: TlsClient
  readonly monotonic: () => number
}): Surveyor {
  const { exec, client } = parts
  const known = new Map<InstanceName, Contents>()

  async function surveyed(watch: InstanceWatch, thorough: boolean, signal: AbortSignal): Promise<Surveyed> {
    const { instance } = watch
    try {
      const survey = await surveyServer({ watch, exec, client, signal })
      const contents = await contentsOf(watch, thorough, signal)
      return { instance, digest: contentHash(survey), survey, ...(contents === undefined ? {} : { contents }) }
    } catch (error) {
      signal.throwIfAborted()
      known.delete(instance)
      return { instance, why: DroverError.from(error).message }
    }
  }

  async function contentsOf(watch: InstanceWatch, thorough: boolean, signal: AbortSignal): Promise<string | undefined> {
    const before = known.get(watch.instance)
    const at = parts.monotonic()
    if (!thorough && before !== undefined && at - before.at < CONTENTS_MS) return before.digest
    const { socketDirectory, postgresPort: port } = watch
    // A database that lets nobody in says nothing about its server.
    const digest = await contentsDigest({ exec, socketDirectory, port, signal }).catch(() => undefined)
    signal.throwIfAborted()
    known.set(watch.instance, { at, digest })
    return digest
  }

  return async ({ watches, thorough, signal }) => {
    const found: Surveyed[] = []
    for (const watch of watches) found.push(await surveyed(watch, thorough, signal))
    return found
  }
}
