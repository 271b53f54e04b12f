import type { Finding, HealthThresholds } from '../../../shared/domain/health.ts'
import type { EtcdObservation } from '../../../shared/domain/observation.ts'
import { finding, gigabytes, percent, whenAbove } from './grade.ts'

/** An etcd that is full takes no more writes: no Patroni can renew its lease then, and every primary steps down. */
export function etcdFindings(etcd: EtcdObservation, { etcdQuotaUsed }: HealthThresholds): readonly Finding[] {
  const { name, alarms = [], dbSizeBytes, quotaBytes } = etcd
  const subject = { kind: 'etcd', name } as const
  const raised = alarms.map(alarm =>
    finding({
      code: 'etcd-alarm',
      severity: 'critical',
      subject,
      message:
        alarm === 'NOSPACE'
          ? 'etcd has raised the alarm NOSPACE: it takes no writes until there is space and the alarm is taken back'
          : `etcd has raised the alarm ${alarm}`,
    }),
  )
  if (dbSizeBytes === undefined || quotaBytes === undefined || quotaBytes === 0) return raised
  const share = dbSizeBytes / quotaBytes
  const severity = whenAbove(share, etcdQuotaUsed)
  if (severity === undefined) return raised
  const message = `its database has ${gigabytes(dbSizeBytes)}, ${percent(share)} of its quota`
  return [...raised, finding({ code: 'etcd-quota', severity, subject, message })]
}
