import { didYouMean } from '../../shared/domain/closest-word.ts'
import type { ClusterSpec } from '../../shared/domain/spec.ts'
import { EXTENSIONS, type Extension, NOT_EXTENSIONS } from './extension-catalogue.ts'

export function findExtension(name: string, major: number): Extension | undefined {
  const extension = Object.hasOwn(EXTENSIONS, name) ? EXTENSIONS[name] : undefined
  if (extension === undefined) return undefined
  return major < (extension.since ?? 0) || major > (extension.until ?? major) ? undefined : extension
}

/**
 * The known extensions of a cluster, of its databases and its template, with those that they need; each once. What is no longer
 * declared and still there goes on needing its package and its library.
 */
export function clusterExtensions(
  cluster: Pick<ClusterSpec, 'template' | 'databases' | 'left'>,
  major: number,
): readonly Extension[] {
  const declared = [cluster.template, ...cluster.databases].flatMap(({ extensions }) => extensions)
  const left = (cluster.left ?? []).filter(({ kind }) => kind === 'extension')
  return [...new Set([...declared, ...left].flatMap(({ name }) => withRequired(name, major)))]
}

/** An extension with those that it needs; empty when it is not known. */
export function withRequired(name: string, major: number): readonly Extension[] {
  const found = new Map<string, Extension>()
  const add = (each: string): void => {
    const extension = findExtension(each, major)
    if (extension === undefined || found.has(each)) return
    found.set(each, extension)
    for (const other of extension.requires ?? []) add(other)
  }
  add(name)
  return [...found.values()]
}

/** Every package that extensions of the catalogue come in, for one major version. */
export function extensionPackages(major: number): readonly string[] {
  const names = Object.keys(EXTENSIONS).flatMap(name => findExtension(name, major)?.packageName?.(major) ?? [])
  return [...new Set(names)].sort()
}

/** What to write instead of an extension that is not known. */
export function extensionHint(name: string): string {
  const special = Object.hasOwn(NOT_EXTENSIONS, name) ? NOT_EXTENSIONS[name] : undefined
  return special ?? didYouMean(name, Object.keys(EXTENSIONS)) ?? 'Check the name as `CREATE EXTENSION` takes it.'
}
