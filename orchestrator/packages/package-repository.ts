/** One .deb of the fleet repository, or one that a resolution needs. */
export interface DebPackage {
  readonly name: string
  /** Exact Debian version, epoch included. */
  readonly version: string
  /** `amd64`, `arm64`, or `all`. */
  readonly architecture: string
  readonly sizeBytes: number
}

export interface ResolvedPackage extends DebPackage {
  /** Lower-case hex, from the signed index of the source. */
  readonly sha256: string
  /** Path below the OS folder of the repository: `pool/p/patroni/patroni_4.0.7-3_all.deb`. */
  readonly filename: string
}

export interface PooledPackage extends DebPackage {
  readonly os: string
}

export interface InstalledPackage {
  readonly name: string
  readonly version: string
  readonly architecture: string
}

/** A version that can be pinned as `name=version`. `pooled` ones need no network. */
export interface OfferedVersion {
  readonly version: string
  readonly pooled: boolean
}

export interface VersionsRequest {
  readonly os: string
  readonly names: readonly string[]
  /** Ask the sources again, however fresh the lists are. */
  readonly refresh?: boolean
  readonly signal?: AbortSignal
}

export interface ResolveRequest {
  readonly os: string
  /** `name` (best version on offer) or `name=version`. */
  readonly packages: readonly string[]
  /**
   * What every host of this OS already has (`commonPackages` of their inventories); those are left out unless named
   * in `packages`. `null` assumes nothing: the answer is closed under dependencies and fits any host.
   */
  readonly installed: readonly InstalledPackage[] | null
  /** Resolve anew even when the same request was answered before. */
  readonly refresh?: boolean
  readonly signal?: AbortSignal
}

export interface MissingPackage {
  readonly request: string
  /** One sentence: what is missing, for which OS, and what is on offer instead. */
  readonly message: string
  /** Versions on offer, or close names. */
  readonly suggestions: readonly string[]
}

export interface Resolution {
  /** In installation order of apt; empty when anything is missing. */
  readonly packages: readonly ResolvedPackage[]
  readonly missing: readonly MissingPackage[]
}

export type FillProgress =
  | { readonly phase: 'lists' | 'resolve' | 'index' }
  | { readonly phase: 'download'; readonly packages: number; readonly bytes: number; readonly percent: number }

export interface FillRequest extends ResolveRequest {
  readonly progress?: (progress: FillProgress) => void
}

export interface FillResult {
  readonly packages: readonly ResolvedPackage[]
  /** How many packages the pool lacked before; 0 when everything was there. */
  readonly downloaded: number
  readonly downloadedBytes: number
}

/**
 * The fleet's signed apt repository: the only package source that hosts have. Component is always `main`.
 *
 * Errors: `invalid` (a bad name, an unknown OS), `not-found` (a package or version that no source offers; one problem
 * each), `unavailable` (sources cannot be reached and the answer is not here yet), `exhausted` (disk full), `aborted`.
 */
export interface PackageRepository {
  /** The suite to name in a host's source entry. */
  readonly suite: string
  /** Versions for each name: those on offer, newest first, then those that only the pool still has; an empty list when there are none. Works offline once lists were fetched. */
  versions(request: VersionsRequest): Promise<Readonly<Record<string, readonly OfferedVersion[]>>>
  resolve(request: ResolveRequest): Promise<Resolution>
  /** Resolves, downloads what the pool lacks, and publishes a new signed index. The same request again needs no network. */
  fill(request: FillRequest): Promise<FillResult>
  /**
   * Takes a .deb of this machine into the repository of these systems; somebody vouches for it, no source does. Errors: `invalid` for what
   * is no package, `conflict` when the repository has other bytes under that name and version, which hosts may have already.
   */
  add(request: { readonly os: readonly string[]; readonly path: string }): Promise<readonly PooledPackage[]>
  list(): Promise<readonly PooledPackage[]>
  /** ASCII-armoured OpenPGP public key that signs every index. */
  publicKey(): string
  /** What hosts of this OS put into their source entry: `http://10.10.10.1:7443/debian13`. */
  url(os: string): string
  close(): Promise<void>
}
