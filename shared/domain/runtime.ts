import type { PackageItem } from './manifest.ts'

/** `17.12-3f9a1c20`: the server's version and a hash of the packages that it began with. */
export type RuntimeId = string

/** Where runtimes lie, one folder each; what is in one is only ever added to, never replaced. */
export const RUNTIMES = '/var/lib/drover/runtimes'

/** An exact set of PostgreSQL's packages, unpacked on a node beside others. */
export interface RuntimeItem {
  readonly id: RuntimeId
  /** Major version. */
  readonly postgresVersion: number
  /** Server, client and extensions; libraries that they share with the rest of the machine are installed there, not here. */
  readonly packages: readonly PackageItem[]
}

/** A runtime of the fleet, on whichever nodes of this OS have it. */
export interface FleetRuntime extends RuntimeItem {
  readonly os: string
  /** `17.12`. */
  readonly serverVersion: string
}

const RUNTIME_ID = /^\d{1,2}\.\d{1,3}-[0-9a-f]{8}$/

/** True for what can only be one folder below {@link RUNTIMES}. */
export function isRuntimeId(text: string): boolean {
  return RUNTIME_ID.test(text)
}

/** The folder that takes the place of `/usr`: the packages' own, or the machine's where an instance runs what is installed. */
export function runtimePrefix(id: RuntimeId | undefined): string {
  return id === undefined ? '/usr' : `${RUNTIMES}/${id}/usr`
}

/** PostgreSQL's programs below such a folder. */
export function programsBelow(prefix: string, postgresVersion: number): string {
  return `${prefix}/lib/postgresql/${postgresVersion}/bin`
}
