import { DroverError } from '../../../shared/domain/errors.ts'
import type { InstanceName } from '../../../shared/domain/ids.ts'
import type { Member } from '../members/member.ts'
import { memberCommand, patroniOf, postgresOf } from '../members/member-command.ts'
import type { Program, ProgramStep } from '../program.ts'
import { compareSettings, type SettingDifference, type SettingsReport } from './compare-settings.ts'

/** Patroni takes a new configuration when it next looks at its cluster, and that may be 20 s later. */
const LOOKS = 8
const PAUSE_MS = 3_000

/** Names, by member, of what it has otherwise than its cluster. */
export type OwnSettings = Readonly<Record<InstanceName, readonly string[]>>

/** Asks all members until what Patroni, the file and the server say is the same, or the time for that is over; tells what stays. */
export async function compareMembers(
  members: readonly Member[],
  own: OwnSettings,
  op: Pick<Program, 'step'>,
): Promise<SettingsReport> {
  for (let look = 1; ; look += 1) {
    const reports = await Promise.all(members.map(member => op.step(compare(member, own[member.instance] ?? []))))
    const differences = reports.flatMap(report => report.differences)
    const isLast = look === LOOKS || differences.length === 0 || differences.some(({ refused }) => refused)
    if (isLast) return { differences, pending: reports.flatMap(report => report.pending) }
    await op.step(pause())
  }
}

/** `failed`, with the name of each setting; undefined when there is no difference. */
export function differenceError(differences: readonly SettingDifference[], before = ''): DroverError | undefined {
  if (differences.length === 0) return undefined
  const lines = differences.map(({ instance, name, detail }) => `${name} of ${instance}: ${detail}`)
  return new DroverError('failed', before + lines.join('; '), {
    retryable: false,
    hint: 'what Patroni, the configuration file and the running server say must be the same',
  })
}

function compare(member: Member, own: readonly string[]): ProgramStep<SettingsReport> {
  return {
    title: `compare the settings of ${member.instance}`,
    nodeId: member.nodeId,
    async act(context) {
      const args = { ...postgresOf(member), patroni: patroniOf(member) }
      const seen = await memberCommand(context, { member, kind: 'postgres.settings', args })
      const report = compareSettings(member.instance, seen, own)
      return { result: report, detail: detailOf(report) }
    },
  }
}

function detailOf({ differences, pending }: SettingsReport): string {
  if (differences.length > 0) return differences.map(({ name, detail }) => `${name}: ${detail}`).join('; ')
  const waiting = pending.map(({ name }) => name).join(', ')
  return `Patroni, file and server agree${waiting === '' ? '' : `; ${waiting} for the next restart`}`
}

function pause(): ProgramStep<null> {
  return {
    title: 'let Patroni write its files',
    async act({ clock, signal }) {
      await clock.sleep(PAUSE_MS, signal)
      return { result: null, detail: `${PAUSE_MS / 1000} s` }
    },
  }
}
