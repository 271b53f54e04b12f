import { decodeJson, encodeJson } from '../events/json.ts'
import type { HeldRelease } from '../plan/campaign/held-releases.ts'
import type { Mutation, Store } from '../store/store.ts'

const PREFIX = 'held-releases/'

/** Those that people of this fleet have named. */
export async function readHeldReleases(store: Pick<Store, 'range'>): Promise<readonly HeldRelease[]> {
  const { entries } = await store.range(PREFIX)
  return entries.map(entry => decodeJson<HeldRelease>(entry))
}

export function putHeldRelease(held: HeldRelease): Mutation {
  return { kind: 'put', key: PREFIX + held.version, value: encodeJson(held) }
}

export function forgetHeldRelease(version: string): Mutation {
  return { kind: 'delete', key: PREFIX + version }
}
