import type { HostStatus } from '../model.ts'

/** One line a host, in columns, with a heading. */
export function statusTable(hosts: readonly HostStatus[]): string {
  if (hosts.length === 0) return 'no hosts\n'
  const rows = [['HOST', 'ADDRESS', 'OS', 'STATE', 'PID'], ...hosts.map(row)]
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(cells => cells[column]?.length ?? 0)))
  return rows
    .map(
      cells =>
        `${cells
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}

function row({ name, address, os, state, pid, failedUnits }: HostStatus): string[] {
  const failed = failedUnits.length === 0 ? '' : ` (failed: ${failedUnits.join(', ')})`
  return [name, address, os, `${state}${failed}`, pid === undefined ? '-' : String(pid)]
}
