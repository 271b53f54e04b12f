import type { ClusterDriftItem, DriftRepair } from '../../../shared/domain/cluster-drift.ts'
import type { InstanceName } from '../../../shared/domain/ids.ts'
import type { ServerSurvey } from '../../../shared/domain/look.ts'
import { type InstanceObservation, leads } from '../../../shared/domain/observation.ts'
import type { Expectation, ExpectedMember } from './expectation.ts'

/** A member as it is seen: its agent's last word, and its server at rest. */
export interface SeenMember {
  readonly expected: ExpectedMember
  readonly observed?: InstanceObservation
  readonly survey?: ServerSurvey
}

/**
 * Who belongs to the cluster, and what they are for. Who is primary is no drift: that is Patroni's to decide. Nothing of it is repaired by itself but
 * tags, which a Patroni reads again. Pure.
 */
export function topologyDrift(
  expectation: Expectation,
  members: readonly SeenMember[],
  leader: SeenMember | undefined,
): readonly ClusterDriftItem[] {
  return [
    ...(leader?.survey === undefined ? [] : membershipDrift(expectation, leader.survey)),
    ...(leader?.survey === undefined ? [] : tagDrift(members, leader.survey)),
    ...members.flatMap(member => [
      ...slotDrift(expectation, member),
      ...versionDrift(expectation, member),
      ...timelineDrift(expectation, member, leader),
    ]),
    ...pauseDrift(expectation, members),
  ]
}

function membershipDrift(
  { cluster, members, departed }: Expectation,
  survey: ServerSurvey,
): readonly ClusterDriftItem[] {
  const known = new Set(survey.members.map(({ name }) => name))
  const declared = new Set([...members.map(({ instance }) => instance), ...departed])
  const missing = members
    .filter(({ instance }) => !known.has(instance))
    .map(({ instance }) =>
      memberItem(instance, 'a member', 'Patroni knows no such member', people(`drover cluster show ${cluster.name}`)),
    )
  const added = survey.members
    .filter(({ name }) => !declared.has(name))
    .map(({ name }) =>
      memberItem(
        name,
        'no such member',
        'a member',
        people(`stop the Patroni that calls itself ${name}, where it runs`),
      ),
    )
  return [...missing, ...added]
}

function memberItem(name: string, expected: string, found: string, repair: DriftRepair): ClusterDriftItem {
  return { kind: 'member', name, expected, found, repair }
}

function tagDrift(members: readonly SeenMember[], survey: ServerSurvey): readonly ClusterDriftItem[] {
  return members.flatMap(({ expected: { instance, file } }) => {
    const seen = survey.members.find(({ name }) => name === instance)?.tags
    if (seen === undefined || file === undefined) return []
    const names = [...new Set([...Object.keys(file.tags), ...Object.keys(seen)])].toSorted()
    return names
      .filter(name => worth(file.tags[name]) !== worth(seen[name]))
      .map(
        (name): ClusterDriftItem => ({
          kind: 'tag',
          name,
          instance,
          expected: worth(file.tags[name]),
          found: worth(seen[name]),
          repair: { by: 'apply', how: 'reload' },
        }),
      )
  })
}

/** Patroni leaves out what is false. */
function worth(value: unknown): string {
  if (value === undefined || value === null) return 'false'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function slotDrift({ config, members, departed }: Expectation, member: SeenMember): readonly ClusterDriftItem[] {
  const { expected, survey } = member
  if (survey === undefined) return []
  const declared = new Set([
    ...[...members.map(({ instance }) => instance), ...departed].map(slotOf),
    ...Object.keys((config['slots'] as Readonly<Record<string, unknown>> | undefined) ?? {}),
  ])
  return survey.slots
    .filter(({ name }) => !declared.has(name))
    .map(({ name, type }) => ({
      kind: 'slot',
      name,
      instance: expected.instance,
      expected: 'no such slot',
      found: `a ${type} slot, which holds WAL back`,
      repair: people(`SELECT pg_drop_replication_slot('${name.replaceAll("'", "''")}'), once nobody needs it`),
    }))
}

/** Patroni's name for a member's slot (patroni/dcs/__init__.py, `slot_name_from_member_name`). */
function slotOf(instance: InstanceName): string {
  return instance.toLowerCase().replaceAll(/[-.]/g, '_').slice(0, 63)
}

function versionDrift({ cluster, allocation }: Expectation, member: SeenMember): readonly ClusterDriftItem[] {
  const { expected, observed } = member
  const found = observed?.serverVersion
  if (found === undefined) return []
  const isOtherMajor = found.split('.')[0] !== String(allocation.postgresVersion)
  if (!isOtherMajor && (expected.serverVersion === undefined || expected.serverVersion === found)) return []
  const wanted = isOtherMajor ? String(allocation.postgresVersion) : (expected.serverVersion ?? '')
  const repair: DriftRepair = isOtherMajor
    ? people(`drover cluster show ${cluster.name}`)
    : { by: 'restart', command: `drover cluster restart ${cluster.name}` }
  return [{ kind: 'version', name: 'PostgreSQL', instance: expected.instance, expected: wanted, found, repair }]
}

/** What lags on purpose comes to a new timeline when its time has come. */
function timelineDrift(
  { cluster, allocation }: Expectation,
  { expected, observed }: SeenMember,
  leader: SeenMember | undefined,
): readonly ClusterDriftItem[] {
  const group = allocation.members.find(({ instance }) => instance === expected.instance)?.group
  if (cluster.replicas.some(({ name, role }) => name === group && role === 'delayed')) return []
  const [own, leads] = [observed?.timeline, leader?.observed?.timeline]
  if (own === undefined || leads === undefined || own === leads) return []
  const repair = people(`drover cluster reinit ${expected.instance}, if it does not follow within a minute`)
  return [
    { kind: 'timeline', name: 'timeline', instance: expected.instance, expected: `${leads}`, found: `${own}`, repair },
  ]
}

/** A pause of Drover's own ends by itself. */
function pauseDrift({ cluster }: Expectation, members: readonly SeenMember[]): readonly ClusterDriftItem[] {
  const isPaused = members.some(({ observed }) => observed?.paused === true)
  const ends = members.some(({ observed }) => observed?.pausedUntil !== undefined)
  if (!isPaused || ends) return []
  const repair = people(`drover cluster unpause ${cluster.name}`)
  return [{ kind: 'failover', name: 'automatic failover', expected: 'on', found: 'paused, without an end', repair }]
}

function people(command: string): DriftRepair {
  return { by: 'people', command }
}

/** The one that the others follow. */
export function leaderOf(members: readonly SeenMember[]): SeenMember | undefined {
  return members.find(({ observed }) => observed !== undefined && leads(observed.role))
}
