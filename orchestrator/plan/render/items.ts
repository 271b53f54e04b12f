import type {
  CertificateItem,
  DirectoryItem,
  FileItem,
  LeftoverItem,
  LinkItem,
  Reaction,
  UnitItem,
} from '../../../shared/domain/manifest.ts'

/** The part of a manifest that one component brings. */
export interface Fragment {
  readonly directories?: readonly DirectoryItem[]
  readonly certificates?: readonly CertificateItem[]
  readonly files?: readonly FileItem[]
  readonly links?: readonly LinkItem[]
  readonly units?: readonly UnitItem[]
  readonly leftovers?: readonly LeftoverItem[]
}

export function rootDirectory(path: string): DirectoryItem {
  return { path, owner: 'root', group: 'root', mode: '0755' }
}

/** A file that anyone on the host may read. */
export function publicFile(path: string, content: string, reactions: readonly Reaction[] = []): FileItem {
  return { path, owner: 'root', group: 'root', mode: '0644', content, secret: false, reactions }
}

/** A file that holds passwords or verifiers: root writes it, one group reads it. */
export function secretFile(input: {
  readonly path: string
  readonly group: string
  readonly content: string
  readonly reactions: readonly Reaction[]
}): FileItem {
  return { ...input, owner: 'root', mode: '0640', secret: true }
}

/** Boot-persistent and running; stopped for good; or with its files in place but left alone until its stage comes. */
export function unitItem({ name, start, stop = false, listens }: UnitInput): UnitItem {
  if (stop && !start) return stoppedUnit(name)
  return start
    ? { name, enablement: 'enabled', state: 'started', listens }
    : { name, enablement: 'unmanaged', state: 'unmanaged' }
}

/** Neither running nor starting with the host. */
export function stoppedUnit(name: string): UnitItem {
  return { name, enablement: 'disabled', state: 'stopped' }
}

export interface UnitInput {
  readonly name: string
  readonly start: boolean
  /** What is not started must not run either. */
  readonly stop?: boolean
  /** Every TCP port that its processes bind. */
  readonly listens: readonly number[]
}

/** A unit file under /etc/systemd/system; systemd reads it again when it changes. */
export function unitFile(name: string, content: string): FileItem {
  return publicFile(`/etc/systemd/system/${name}`, content, [{ unit: name, verb: 'daemon-reload' }])
}
