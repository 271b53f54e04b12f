import {
  BLOCKED_RISKS,
  type Finding,
  RISKS_OF_KINDS,
  type Risk,
  type Severity,
  type Threshold,
} from '../../../shared/domain/health.ts'

/** Of a value of which more is worse. */
export function whenAbove(value: number, { warning, critical }: Threshold): Severity | undefined {
  if (value >= critical) return 'critical'
  return value >= warning ? 'warning' : undefined
}

/** Of a value of which less is worse. */
export function whenBelow(value: number, { warning, critical }: Threshold): Severity | undefined {
  if (value <= critical) return 'critical'
  return value <= warning ? 'warning' : undefined
}

/** With the kinds of operations that it stands in the way of. */
export function finding(found: Omit<Finding, 'blocks' | 'since'>): Finding {
  const blocks = Object.keys(RISKS_OF_KINDS).filter(kind => blocksRisk(found, RISKS_OF_KINDS[kind] ?? []))
  return { ...found, blocks }
}

/** Only what is critical stands in anybody's way. */
export function blocksRisk({ code, severity }: Pick<Finding, 'code' | 'severity'>, risks: readonly Risk[]): boolean {
  return severity === 'critical' && risks.some(risk => BLOCKED_RISKS[code]?.includes(risk))
}

export function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`
}

export function gigabytes(bytes: number): string {
  return bytes >= 1024 ** 3 ? `${(bytes / 1024 ** 3).toFixed(1)} GiB` : `${Math.round(bytes / 1024 ** 2)} MiB`
}
