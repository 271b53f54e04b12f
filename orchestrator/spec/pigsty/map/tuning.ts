import { findExtension } from '../../../plan/extensions.ts'
import { integerOf, isTable, type Setting, textOf, wordsOf } from '../values.ts'
import { addPackages } from './add-packages.ts'
import { type ClusterContext, clusterSetting } from './cluster-context.ts'

const WORKLOADS = ['oltp', 'olap', 'crit', 'tiny'] as const

/** What Pigsty tunes PostgreSQL from. Drover tunes by its own rules, see docs/tuning.md; what the inventory says itself wins there too. */
export function importTuning(context: ClusterContext): void {
  importWorkload(context)
  importConnections(context)
  importSharedBuffers(context)
  importIoMethod(context)
  importParameters(context)
  importLibraries(context)
}

function importWorkload(context: ClusterContext): void {
  const setting = clusterSetting(context, 'pg_conf')
  const template = textOf(setting?.value)?.replace(/\.yml$/, '')
  const workload = WORKLOADS.find(each => each === template)
  if (setting === undefined) return
  if (workload === undefined) {
    context.ledger.lost(setting.path, {
      reason: "a template of one's own, which the inventory does not contain",
      instead: '`workload: oltp`',
    })
    return
  }
  if (workload !== 'oltp') context.draft.workload = workload
  context.ledger.kept({ path: setting.path, to: 'clusters[].workload', into: context.draft })
}

function importConnections(context: ClusterContext): void {
  const setting = clusterSetting(context, 'pg_max_conn')
  if (setting === undefined) return
  const count = integerOf(setting.value)
  if (count !== undefined && count >= 20) setParameter(context, { name: 'max_connections', value: count, setting })
  else
    context.ledger.kept({
      path: setting.path,
      to: 'tuning of max_connections',
      note: 'Drover counts what the memory allows',
    })
}

function importSharedBuffers(context: ClusterContext): void {
  const { draft, ledger } = context
  const setting = clusterSetting(context, 'pg_shared_buffer_ratio')
  if (setting === undefined) return
  const ratio = Number(textOf(setting.value))
  if (!(ratio >= 0.1 && ratio <= 0.4))
    ledger.lost(setting.path, { reason: 'not a share from 0.1 to 0.4', instead: 'Drover takes a quarter' })
  else {
    draft.tuning = { sharedBuffersRatio: ratio }
    ledger.kept({ path: setting.path, to: 'clusters[].tuning.sharedBuffersRatio', into: draft })
  }
}

function importIoMethod(context: ClusterContext): void {
  const { ledger, major } = context
  const setting = clusterSetting(context, 'pg_io_method')
  if (setting === undefined) return
  const method = textOf(setting.value) ?? ''
  if (major < 18)
    ledger.lost(setting.path, {
      reason: 'an option of PostgreSQL 18 and later',
      instead: 'PostgreSQL reads and writes as it always did',
    })
  else if (['sync', 'worker', 'io_uring'].includes(method))
    setParameter(context, { name: 'io_method', value: method, setting })
  else
    ledger.lost(setting.path, {
      reason: 'not one of sync, worker, io_uring',
      instead: "PostgreSQL's own default, `worker`",
    })
}

/** Pigsty writes them with ALTER SYSTEM, so that they win over its tuning; `parameters` wins over Drover's. */
function importParameters(context: ClusterContext): void {
  const setting = clusterSetting(context, 'pg_parameters')
  if (setting === undefined || !isTable(setting.value)) return
  for (const [name, value] of Object.entries(setting.value)) {
    const entry = { path: [...setting.path, name], value }
    const scalar = typeof value === 'number' || typeof value === 'boolean' ? value : textOf(value)
    if (scalar === undefined)
      context.ledger.lost(entry.path, { reason: 'not a single value', instead: 'it is left out' })
    else setParameter(context, { name, value: scalar, setting: entry })
  }
}

/** A library that is not installed keeps PostgreSQL from starting, so only those go in whose package Drover knows. */
function importLibraries(context: ClusterContext): void {
  const { ledger, major } = context
  const setting = clusterSetting(context, 'pg_libs')
  if (setting === undefined) return
  const libraries = wordsOf(setting.value)
  const known = libraries.filter(library => isInstallable(library, major))
  const unknown = libraries.filter(library => !known.includes(library))
  if (known.length > 0) setParameter(context, { name: 'shared_preload_libraries', value: known.join(','), setting })
  addPackages(
    context,
    known.flatMap(library => findExtension(library, major)?.packageName?.(major) ?? []),
  )
  if (unknown.length > 0) {
    const reason = `no package for PostgreSQL ${major} is known, and a library that is missing keeps PostgreSQL from starting`
    const instead = known.length === 0 ? 'no library is loaded' : 'the other libraries are loaded'
    ledger.lost(setting.path, { reason: reason, instead: instead, names: unknown })
  }
}

/** Libraries of PostgreSQL itself that are no extensions. */
const CONTRIB = ['auto_explain', 'auth_delay', 'passwordcheck', 'basebackup_to_shell', 'plpgsql']

function isInstallable(library: string, major: number): boolean {
  const name = library.replace(/^\$libdir\//, '')
  return CONTRIB.includes(name) || findExtension(name, major) !== undefined
}

function setParameter(
  { draft, ledger }: ClusterContext,
  {
    name,
    value,
    setting,
  }: { readonly name: string; readonly value: string | number | boolean; readonly setting: Setting },
): void {
  draft.parameters ??= {}
  draft.parameters[name] = value
  ledger.kept({ path: setting.path, to: `clusters[].parameters[${name}]`, into: draft.parameters })
}
