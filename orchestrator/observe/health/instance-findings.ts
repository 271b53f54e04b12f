import type { Finding, FindingCode, HealthThresholds, Severity } from '../../../shared/domain/health.ts'
import type { SequenceUse, ServerHealth } from '../../../shared/domain/instance-health.ts'
import type { InstanceObservation } from '../../../shared/domain/observation.ts'
import { finding, gigabytes, percent, whenAbove } from './grade.ts'

/** Patroni's own tolerance. */
const SKEW_SECONDS = 3

type Report = (code: FindingCode, severity: Severity | undefined, message: string) => readonly Finding[]

/** What one server says about itself, and what is found beside it. */
export function instanceFindings(instance: InstanceObservation, thresholds: HealthThresholds): readonly Finding[] {
  const { health } = instance
  const report: Report = (code, severity, message) =>
    severity === undefined
      ? []
      : [
          finding({
            code,
            severity,
            subject: { kind: 'instance', name: instance.instance },
            concerns: { cluster: instance.cluster },
            message,
          }),
        ]
  return [
    ...(instance.pendingRestart === true
      ? report('pending-restart', 'warning', 'settings wait for a restart: drover cluster show names them')
      : []),
    ...((health?.startSkewSeconds ?? 0) > SKEW_SECONDS
      ? report(
          'server-start-skew',
          'critical',
          `the clock was set after PostgreSQL started, by ${health?.startSkewSeconds} s: a Patroni that is restarted does not recognise its server`,
        )
      : []),
    ...(health?.server === undefined ? [] : serverFindings(health.server, thresholds, report)),
    ...(health?.sequences ?? []).flatMap(sequence => sequenceFinding(sequence, thresholds, report)),
  ]
}

function serverFindings(server: ServerHealth, limits: HealthThresholds, report: Report): readonly Finding[] {
  const { transactionAge, multixactAge, inactiveSlots, archiver, prepared, collations } = server
  const millions = (age: number): string => `${Math.round(age / 1_000_000)} million`
  return [
    ...report(
      'transaction-age',
      whenAbove(transactionAge.age, limits.transactionAge),
      `the oldest transaction id in database ${transactionAge.database} is ${millions(transactionAge.age)} old; at 2147 million PostgreSQL takes no more writes`,
    ),
    ...report(
      'multixact-age',
      whenAbove(multixactAge.age, limits.multixactAge),
      `the oldest multixact id in database ${multixactAge.database} is ${millions(multixactAge.age)} old; at 2147 million PostgreSQL takes no more row locks`,
    ),
    ...inactiveSlots.flatMap(slot =>
      slot.walStatus === 'lost'
        ? report('slot-lost', 'warning', `slot ${slot.name} has lost the WAL that its reader needs`)
        : report(
            'slot-holds-wal',
            whenAbove(slot.retainedBytes, limits.slotBytes),
            `slot ${slot.name} has no reader and holds ${gigabytes(slot.retainedBytes)} of WAL`,
          ),
    ),
    ...(archiver?.failing === true
      ? report(
          'archive-failing',
          whenAbove(archiver.waitingFiles, limits.archiveBacklog) ?? 'warning',
          `the last try to archive WAL failed, ${archiver.waitingFiles} files wait`,
        )
      : []),
    ...report(
      'prepared-transaction-old',
      prepared.count === 0 ? undefined : whenAbove(prepared.oldestSeconds, limits.preparedSeconds),
      `a prepared transaction has been open for ${Math.round(prepared.oldestSeconds / 60)} minutes: it keeps its locks and holds back vacuum`,
    ),
    ...collations.slice(0, 1).flatMap(({ database, recorded, actual }) => {
      const others = collations.length === 1 ? '' : ` (and ${collations.length - 1} other databases)`
      return report(
        'collation-version',
        'critical',
        `database ${database}${others} was sorted by collation version ${recorded}, this server has ${actual}: indexes over text may be wrong`,
      )
    }),
  ]
}

function sequenceFinding(sequence: SequenceUse, limits: HealthThresholds, report: Report): readonly Finding[] {
  const { name, database, used } = sequence
  const severity = whenAbove(used, limits.sequenceUsed)
  return report(
    'sequence-nearly-used',
    severity,
    `sequence ${name} in database ${database} has used ${percent(used)} of its numbers`,
  )
}
