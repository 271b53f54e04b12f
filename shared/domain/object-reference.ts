import type { ClusterName } from './ids.ts'

export const OBJECT_KINDS = ['database', 'user', 'schema', 'extension'] as const
export type ObjectKind = (typeof OBJECT_KINDS)[number]

/** Something inside the PostgreSQL of a cluster that a fleet file declares by name. */
export interface ObjectReference {
  readonly kind: ObjectKind
  readonly cluster: ClusterName
  /** Of schemas and extensions. */
  readonly database?: string
  readonly name: string
}

/** `database:pg-main/app`, `user:pg-main/bob`, `schema:pg-main/app/sales`, `extension:pg-main/app/hstore`; undefined for anything else. */
export function parseObjectReference(text: string): ObjectReference | undefined {
  const [, word, cluster, rest] = /^(\w+):([^/]+)\/(.+)$/.exec(text) ?? []
  const kind = OBJECT_KINDS.find(each => each === word)
  if (kind === undefined || cluster === undefined || rest === undefined) return undefined
  if (!isInside(kind)) return { kind, cluster, name: rest }
  const [, database, name] = /^([^/]+)\/(.+)$/.exec(rest) ?? []
  return database === undefined || name === undefined ? undefined : { kind, cluster, database, name }
}

/** As {@link parseObjectReference} reads it. */
export function showObjectReference({ kind, cluster, database, name }: ObjectReference): string {
  return `${kind}:${[cluster, ...(database === undefined ? [] : [database]), name].join('/')}`
}

/** `database app`, `extension hstore in app`: where the cluster is known. */
export function objectPhrase({ kind, database, name }: ObjectReference): string {
  return `${kind} ${name}${database === undefined ? '' : ` in ${database}`}`
}

/** True for what lives in one database. */
export function isInside(kind: ObjectKind): boolean {
  return kind === 'schema' || kind === 'extension'
}

export function sameObject(left: ObjectReference, right: ObjectReference): boolean {
  return showObjectReference(left) === showObjectReference(right)
}
