import { DroverError } from '../../shared/domain/errors.ts'

/** The timer's file says until when automatic failover is off, in a comment of its own. */
export function deadlinePath(instance: string): string {
  return `/etc/systemd/system/${unpauseUnit(instance)}.timer`
}

/** Unix milliseconds, from the text of {@link deadlinePath}. */
export function deadlineIn(text: string): number | undefined {
  const found = /^# until (\d+)$/m.exec(text)?.[1]
  return found === undefined ? undefined : Number(found)
}

/** Name of timer and service, without their ending. */
export function unpauseUnit(instance: string): string {
  return `drover-unpause-${plain(instance)}`
}

/** Nothing that systemd reads as anything else than a character. */
export function plain(text: string): string {
  if (/^[\w./:[\]-]+$/.test(text)) return text
  throw new DroverError('invalid', 'a name or a path of the command cannot stand in a unit', { retryable: false })
}
