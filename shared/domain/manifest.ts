import type { ClusterName, InstanceName } from './ids.ts'
import type { RuntimeItem } from './runtime.ts'

/**
 * The whole desired state of one node. `converge` makes it so, item by item, in this order: package source, masks,
 * files marked `beforePackages`, packages, runtimes, groups and users, directories, certificates, files, links, units, leftovers, runtimes
 * that nothing uses any more. A second converge changes nothing.
 *
 * Text may hold placeholders, resolved by the orchestrator just before signing (plans never hold secrets, S8):
 *   ${secret:PATH}  the generated password at PATH        ${scram:PATH}  its SCRAM-SHA-256 verifier
 */
export interface Manifest {
  readonly version: 1
  readonly packageSource?: PackageSource
  readonly packages: readonly PackageItem[]
  /** PostgreSQL versions that lie side by side. Absent: none but the installed one. Others that lie there go, unless something runs from them. */
  readonly runtimes?: readonly RuntimeItem[]
  readonly users: readonly UserItem[]
  readonly directories: readonly DirectoryItem[]
  readonly certificates: readonly CertificateItem[]
  readonly files: readonly FileItem[]
  /** Symbolic links of root, replaced in one step. */
  readonly links?: readonly LinkItem[]
  readonly units: readonly UnitItem[]
  /** What members that left have left behind: files and folders below Drover's own, absent once no unit needs them any more. */
  readonly leftovers?: readonly LeftoverItem[]
  /** Instances that are to run no more and whose data still lie here: the only ones that may be erased. */
  readonly departed?: readonly DepartedInstance[]
  /** What the agent observes and reports; it takes its knowledge of ports and paths from here and nowhere else. */
  readonly watches: Watches
}

/** The fleet's signed apt repository: the only source the agent ever passes to apt. Its one component is always `main`. */
export interface PackageSource {
  /** e.g. `http://10.10.10.1:7443/debian13` */
  readonly url: string
  readonly suite: string
  /** ASCII-armoured OpenPGP public key of the fleet repository. */
  readonly key: string
}

export interface PackageItem {
  readonly name: string
  /** Exact Debian version. */
  readonly version: string
}

export interface UserItem {
  readonly name: string
  readonly system: true
  readonly home?: string
  readonly groups?: readonly string[]
}

export interface DirectoryItem {
  readonly path: string
  readonly owner: string
  readonly group: string
  /** Octal text: `0700`. */
  readonly mode: string
}

/** The agent makes the key on the host and has the fleet CA sign a CSR; the key never leaves the host. */
export interface CertificateItem {
  readonly name: string
  readonly certPath: string
  readonly keyPath: string
  readonly caPath: string
  readonly owner: string
  readonly group: string
  readonly commonName: string
  /** DNS names and IP addresses. */
  readonly sans: readonly string[]
  readonly usages: readonly ('server' | 'client')[]
  readonly reactions: readonly Reaction[]
}

export interface FileItem {
  readonly path: string
  readonly owner: string
  readonly group: string
  readonly mode: string
  readonly content: string
  /** Secret files are compared by hash and never shown in a diff. */
  readonly secret: boolean
  readonly reactions: readonly Reaction[]
  /** Written before the packages are installed, because a package's install script reads it (`createcluster.conf`). */
  readonly beforePackages?: true
}

export interface LinkItem {
  readonly path: string
  readonly target: string
}

/** What to do to a unit after the item changed; nothing happens to a unit that this very converge started. */
export interface Reaction {
  readonly unit: string
  readonly verb: 'reload' | 'restart' | 'daemon-reload'
}

export interface UnitItem {
  readonly name: string
  /** `masked` units can never start: Debian's own default clusters and services. */
  readonly enablement: 'enabled' | 'disabled' | 'masked' | 'unmanaged'
  readonly state: 'started' | 'stopped' | 'unmanaged'
  /** TCP ports that its processes bind. When something else has one, the unit is not started and the item fails. */
  readonly listens?: readonly number[]
}

export interface LeftoverItem {
  /** Removed with everything in it. */
  readonly path: string
}

export interface DepartedInstance {
  readonly instance: InstanceName
  readonly dataDirectory: string
}

export interface Watches {
  readonly etcd?: EtcdWatch
  readonly instances: readonly InstanceWatch[]
}

export interface EtcdWatch {
  readonly name: string
  readonly clientUrl: string
  readonly caPath: string
  readonly certPath: string
  readonly keyPath: string
}

export interface InstanceWatch {
  readonly cluster: ClusterName
  readonly instance: InstanceName
  /** Address other nodes use. */
  readonly address: string
  readonly postgresPort: number
  readonly socketDirectory: string
  readonly dataDirectory: string
  readonly patroniUrl: string
  /** Its systemd unit: what this logged last is told while Patroni does not answer. */
  readonly patroniUnit: string
  readonly caPath: string
  readonly certPath: string
  readonly keyPath: string
  readonly poolers: readonly { readonly name: string; readonly port: number }[]
  /** `tcp`: what is behind it does not speak PostgreSQL's protocol; open is all that can be asked. */
  readonly services: readonly { readonly name: string; readonly port: number; readonly protocol?: 'tcp' }[]
}

export const EMPTY_MANIFEST: Manifest = {
  version: 1,
  packages: [],
  users: [],
  directories: [],
  certificates: [],
  files: [],
  units: [],
  watches: { instances: [] },
}

export type ItemKind =
  | 'package-source'
  | 'package'
  | 'runtime'
  | 'user'
  | 'directory'
  | 'certificate'
  | 'file'
  | 'link'
  | 'unit'
  | 'leftover'

export interface ItemResult {
  readonly kind: ItemKind
  readonly name: string
  readonly status: 'ok' | 'changed' | 'would-change' | 'failed' | 'skipped'
  /** What differed or what went wrong; never a secret. */
  readonly detail?: string
}

export interface ConvergeResult {
  readonly dryRun: boolean
  readonly items: readonly ItemResult[]
}
