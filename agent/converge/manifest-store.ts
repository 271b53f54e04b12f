import type { Manifest } from '../../shared/domain/manifest.ts'
import { contentHash } from '../../shared/lib/hash.ts'
import type { HostFiles } from '../host/files-types.ts'

/** The manifest that this node was last brought to. On disk with mode 0600: it holds secrets. */
export interface ManifestStore {
  /** Read from disk each time, because it is large and seldom needed. */
  load(): Promise<Manifest | null>
  /** `contentHash` of the manifest; empty when there is none. */
  hash(): string
  hashOf(manifest: Manifest): string
  watches(): Manifest['watches']
  save(manifest: Manifest): Promise<void>
}

export async function openManifestStore(options: {
  readonly files: HostFiles
  readonly path: string
}): Promise<ManifestStore> {
  const { files, path } = options
  const load = async () => {
    const text = await files.readText(path)
    return text === null ? null : (JSON.parse(text) as Manifest)
  }
  let current = summary(await load())
  return {
    load,
    hash: () => current.hash,
    hashOf: contentHash,
    watches: () => current.watches,
    save: async manifest => {
      if (contentHash(manifest) === current.hash) return
      await files.writeAtomic({ path, content: JSON.stringify(manifest), mode: 0o600 })
      current = summary(manifest)
    },
  }
}

function summary(manifest: Manifest | null): { readonly hash: string; readonly watches: Manifest['watches'] } {
  return manifest === null
    ? { hash: '', watches: { instances: [] } }
    : { hash: contentHash(manifest), watches: structuredClone(manifest.watches) }
}
