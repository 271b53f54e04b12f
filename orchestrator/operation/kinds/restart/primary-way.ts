import type { PostgresInspection } from '../../../../shared/domain/command.ts'

/** How the primary gets its restart. */
export interface PrimaryWay {
  readonly way: 'in-place' | 'switchover'
  readonly because: string
}

/** So many files are archived while clients hardly notice. */
const SMALL_BACKLOG = 4

/**
 * In place there is no new timeline, nobody has to follow anybody else, and the standbys never stop confirming; and it is faster.
 * But a postmaster does not end before its archiver has: with a backlog the standby is faster, for Patroni lets it take over as
 * soon as the primary's last record is written. Pure.
 */
export function primaryWay(
  { archiveBacklog }: Pick<PostgresInspection, 'archiveBacklog'>,
  hasCandidate: boolean,
): PrimaryWay {
  if (archiveBacklog <= SMALL_BACKLOG) return { way: 'in-place', because: 'it is the shortest wait' }
  const backlog = `${archiveBacklog} WAL files wait to be archived, and a server does not end before`
  return hasCandidate
    ? { way: 'switchover', because: backlog }
    : { way: 'in-place', because: `there is no standby to switch to, although ${backlog}` }
}
