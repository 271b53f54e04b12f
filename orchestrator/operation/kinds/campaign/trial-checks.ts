import type { Check } from '../../../../shared/domain/campaign.ts'
import type { ClusterName, NodeId } from '../../../../shared/domain/ids.ts'
import type { RuntimeTrial } from '../../../../shared/domain/runtime-trial.ts'
import type { CollationVersions, InstalledExtension } from '../../../../shared/domain/upgrade-look.ts'
import type { ServerAnswer } from './ask-servers.ts'
import type { TrialReport } from './lay-out-all.ts'

/** What the trial of a version says against it, for one cluster, and what its extensions will want afterwards. Pure. */
export function trialChecks(
  cluster: ClusterName,
  given: {
    readonly trials: readonly TrialReport[]
    readonly answers: readonly ServerAnswer[]
    readonly nodeNames: ReadonlyMap<NodeId, string>
  },
): readonly Check[] {
  const own = given.trials.filter(({ clusters }) => clusters.includes(cluster))
  const looks = given.answers.flatMap(answer => ('look' in answer ? [answer.look] : []))
  const installed = looks.flatMap(({ extensions }) => extensions)
  const running = looks[0]?.collations ?? {}
  const onNodes = own.flatMap(({ nodeId, trial }): readonly Check[] => {
    const what = `node ${given.nodeNames.get(nodeId) ?? nodeId}`
    if ('refused' in trial) return [{ what, grade: 'refuse', detail: trial.refused }]
    return [...collationChecks(what, running, trial), ...missingChecks(what, installed, trial)]
  })
  const [first] = own.flatMap(({ trial }) => ('refused' in trial ? [] : [trial]))
  return first === undefined ? onNodes : [...onNodes, ...updateChecks(installed, first)]
}

function collationChecks(
  what: string,
  running: CollationVersions,
  { collations = {} }: RuntimeTrial,
): readonly Check[] {
  return (['icu', 'libc'] as const).flatMap(library => {
    const [before, after] = [running[library], collations[library]]
    if (before === undefined || after === undefined || before === after) return []
    const name = library === 'icu' ? 'ICU' : 'glibc'
    return [
      {
        what,
        grade: 'refuse',
        detail: `text would be sorted by ${name}'s rules of version ${after}, now it is ${before}: indexes over text would be wrong`,
      },
    ]
  })
}

function missingChecks(
  what: string,
  installed: readonly InstalledExtension[],
  { available }: RuntimeTrial,
): readonly Check[] {
  if (available === undefined) return []
  const missing = installed.filter(({ name }) => available[name] === undefined)
  const databases = Map.groupBy(missing, ({ name }) => name)
  return [...databases].map(([name, all]) => ({
    what,
    grade: 'refuse',
    detail: `extension ${name} of ${all.map(({ database }) => database).join(', ')} is not among the packages of the version: declare it, or add its package to the cluster's packages`,
  }))
}

function updateChecks(installed: readonly InstalledExtension[], { available = {} }: RuntimeTrial): readonly Check[] {
  return installed.flatMap(({ database, name, version }) => {
    const newest = available[name]
    if (newest === undefined || newest === version) return []
    const detail = `${name} is ${version} in ${database}, the version has ${newest}: ALTER EXTENSION ${name} UPDATE comes after the upgrade`
    return [{ what: 'extension', grade: 'warn', detail }]
  })
}
