import type { Check } from '../../../../shared/domain/campaign.ts'
import type { UpgradeLook } from '../../../../shared/domain/upgrade-look.ts'
import { notesBetween, type ReleaseNote, unreadBetween } from '../../../plan/campaign/release-notes.ts'
import { releasePage } from '../../../plan/campaign/release-page.ts'
import type { ServerAnswer } from './ask-servers.ts'

/** A switchover does not begin while a client's transaction is older. */
const OLD_TRANSACTION_MS = 10_000
/** Nobody would wait for the end of such a one. */
const VERY_OLD_TRANSACTION_MS = 60 * 60_000
const LAG_MS = { warn: 10_000, refuse: 5 * 60_000 }
/** WAL that waits so long means that nobody archives. */
const OLD_WAL_SECONDS = 5 * 60

/**
 * What servers themselves say that matters to an upgrade. `delayed`: members that are behind on purpose. What can pass until the cluster
 * has its turn warns; what does not refuses. Pure.
 */
export function serverChecks(
  answers: readonly ServerAnswer[],
  given: {
    readonly versions: { readonly from: readonly string[]; readonly to?: string }
    readonly notes: readonly ReleaseNote[]
    readonly delayed: ReadonlySet<string>
  },
): readonly Check[] {
  const looks = answers.flatMap(answer => ('look' in answer ? [answer] : []))
  return [
    ...answers.flatMap(silence),
    ...looks.flatMap(({ instance, leads, look }) => [
      ...transactionChecks(instance, leads, look),
      ...(given.delayed.has(instance) ? [] : lagChecks(instance, look)),
      ...(leads ? archiveChecks(instance, look) : []),
    ]),
    ...noteChecks(
      looks.map(({ look }) => look),
      given,
    ),
  ]
}

/** An agent that is older, or whose host does not allow to ask, does not stand in the way. */
function silence(answer: ServerAnswer): readonly Check[] {
  if (!('silent' in answer)) return []
  const { code, message } = answer.silent
  const grade = code === 'unavailable' || code === 'timeout' ? 'refuse' : 'warn'
  return [{ what: `member ${answer.instance}`, grade, detail: `it could not be asked: ${message}` }]
}

/** On a standby nobody waits for its end: its readers are held, and what is left is ended by the restart. */
function transactionChecks(instance: string, leads: boolean, { oldestTransaction }: UpgradeLook): readonly Check[] {
  if (oldestTransaction === undefined || !leads || oldestTransaction.ageMs <= OLD_TRANSACTION_MS) return []
  const { ageMs, user, database, application, state } = oldestTransaction
  const whose = `${user} in ${database}${application === '' ? '' : ` (${application})`}`
  return [
    {
      what: `member ${instance}`,
      grade: ageMs > VERY_OLD_TRANSACTION_MS ? 'refuse' : 'warn',
      detail: `a transaction of ${whose} has been open for ${seconds(ageMs)}, ${state}: no switchover begins while one is older than ${seconds(OLD_TRANSACTION_MS)}`,
    },
  ]
}

function lagChecks(instance: string, { replayLagMs = 0 }: UpgradeLook): readonly Check[] {
  if (replayLagMs <= LAG_MS.warn) return []
  const grade = replayLagMs > LAG_MS.refuse ? 'refuse' : 'warn'
  return [{ what: `member ${instance}`, grade, detail: `it is ${seconds(replayLagMs)} behind what it has received` }]
}

function archiveChecks(instance: string, { archive }: UpgradeLook): readonly Check[] {
  if (archive === undefined) return []
  const { failing, waitingFiles, oldestWaitingSeconds = 0 } = archive
  const waits = `${waitingFiles} WAL files wait${waitingFiles === 0 ? '' : `, the oldest for ${oldestWaitingSeconds} s`}`
  const what = `member ${instance}`
  if (failing)
    return [{ what, grade: 'refuse', detail: `its archiver fails, and a primary does not stop before: ${waits}` }]
  if (oldestWaitingSeconds > OLD_WAL_SECONDS)
    return [{ what, grade: 'warn', detail: `its archive is behind: ${waits}` }]
  return []
}

function noteChecks(
  looks: readonly UpgradeLook[],
  given: Pick<Parameters<typeof serverChecks>[1], 'versions' | 'notes'>,
): readonly Check[] {
  const { from, to } = given.versions
  const [oldest] = from.toSorted(byNumbers)
  if (to === undefined || oldest === undefined) return []
  const extensions = new Set(looks.flatMap(look => look.extensions.map(({ name }) => name)))
  const plugins = [...new Set(looks.flatMap(look => look.outputPlugins))]
  const known = notesBetween({ from: oldest, to }, given.notes)
    .filter(({ extension }) => extension === undefined || extensions.has(extension))
    .filter(
      ({ otherPluginsThan }) =>
        otherPluginsThan === undefined || plugins.some(plugin => !otherPluginsThan.includes(plugin)),
    )
    .map(({ version, action, what, source }) => ({
      what: `release ${version}`,
      grade: 'warn' as const,
      detail: `${action}: ${what} (${source})`,
    }))
  const unread = unreadBetween({ from: oldest, to }, given.notes).map(version => ({
    what: `release ${version}`,
    grade: 'warn' as const,
    detail: `this version of Drover does not know what it asks for: read its notes (${releasePage(version)}), then say so: drover upgrade note ${version}`,
  }))
  return [...known, ...unread]
}

function byNumbers(left: string, right: string): number {
  return left.localeCompare(right, 'en', { numeric: true })
}

function seconds(ms: number): string {
  return ms >= 120_000 ? `${Math.round(ms / 60_000)} minutes` : `${Math.round(ms / 1000)} s`
}
