import { stripVTControlCharacters } from 'node:util'

/** Plain columns, two spaces apart, headers in capitals; the last column is never padded. */
export function table(headers: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [headers, ...rows]
  const widths = headers.map((_, column) => Math.max(...all.map(row => width(row[column] ?? ''))))
  return all.map(row => `${line(row, widths)}\n`).join('')
}

function line(row: readonly string[], widths: readonly number[]): string {
  const last = row.length - 1
  return row
    .map((cell, column) =>
      column === last ? cell : cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - width(cell))),
    )
    .join('  ')
    .trimEnd()
}

function width(text: string): number {
  return stripVTControlCharacters(text).length
}
