import type { IncomingHttpHeaders } from 'node:http'

/** What conditional requests look at. */
export interface FileStamp {
  readonly size: number
  readonly mtimeMs: number
  readonly ino: number
}

/** First and last byte, both included. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/** Strong: files are replaced as a whole, never changed in place, so inode, size and time tell versions apart. */
export function etagOf({ size, mtimeMs, ino }: FileStamp): string {
  return `"${ino.toString(16)}-${size.toString(16)}-${Math.floor(mtimeMs).toString(16)}"`
}

/** RFC 9110, 13.2.2: If-None-Match decides when present, If-Modified-Since otherwise; HTTP dates have whole seconds. */
export function isNotModified(headers: IncomingHttpHeaders, file: FileStamp): boolean {
  const match = headers['if-none-match']
  if (match !== undefined) {
    const tags = match.split(',').map(tag => tag.trim().replace(/^W\//, ''))
    return tags.includes('*') || tags.includes(etagOf(file))
  }
  const since = Date.parse(headers['if-modified-since'] ?? '')
  return !Number.isNaN(since) && wholeSeconds(file.mtimeMs) <= wholeSeconds(since)
}

/**
 * The part of the file to send; undefined for all of it: no range asked, several ranges (allowed to be answered with
 * everything), not bytes, or If-Range names another version.
 */
export function selectRange(headers: IncomingHttpHeaders, file: FileStamp): ByteRange | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(headers.range?.trim() ?? '')
  if (match === null || !ifRangeHolds(headers['if-range'], file)) return undefined
  const [, first = '', last = ''] = match
  if (first === '' && last === '') return undefined
  if (first === '') return suffix(Number(last), file.size)
  const start = Number(first)
  const end = last === '' ? file.size - 1 : Math.min(Number(last), file.size - 1)
  if (last !== '' && Number(last) < start) return undefined
  return start >= file.size ? 'unsatisfiable' : { start, end }
}

function suffix(length: number, size: number): ByteRange | 'unsatisfiable' {
  if (length === 0 || size === 0) return 'unsatisfiable'
  return { start: Math.max(0, size - length), end: size - 1 }
}

function ifRangeHolds(condition: string | string[] | undefined, file: FileStamp): boolean {
  if (condition === undefined) return true
  if (typeof condition !== 'string') return false
  if (condition.startsWith('"')) return condition === etagOf(file)
  return wholeSeconds(Date.parse(condition)) === wholeSeconds(file.mtimeMs)
}

function wholeSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000)
}
