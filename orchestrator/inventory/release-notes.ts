import { decodeJson, encodeJson } from '../events/json.ts'
import type { ReleaseNote } from '../plan/campaign/release-notes.ts'
import type { Mutation, Store } from '../store/store.ts'

const PREFIX = 'release-notes/'

/** Those that people of this fleet have written; one a release. */
export async function readReleaseNotes(store: Pick<Store, 'range'>): Promise<readonly ReleaseNote[]> {
  const { entries } = await store.range(PREFIX)
  return entries.map(entry => decodeJson<ReleaseNote>(entry))
}

export function putReleaseNote(note: ReleaseNote): Mutation {
  return { kind: 'put', key: PREFIX + note.version, value: encodeJson(note) }
}

export function forgetReleaseNote(version: string): Mutation {
  return { kind: 'delete', key: PREFIX + version }
}
