import type { MaintenanceWindow } from '../../../shared/domain/campaign.ts'

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const
const DAY_MINUTES = 24 * 60
const WINDOW =
  /^(?<days>[a-z]{3}(?:-[a-z]{3})?(?:,[a-z]{3}(?:-[a-z]{3})?)*)\s+(?<from>\d{2}:\d{2})-(?<to>\d{2}:\d{2})(?:\s+(?<zone>\S+))?$/i

/** `Sat,Sun 02:00-06:00 Europe/Berlin`, `Mon-Fri 22:00-04:00`; UTC when no zone is named. Undefined when it is none. */
export function parseWindow(text: string): MaintenanceWindow | undefined {
  const { days = '', from = '', to = '', zone = 'UTC' } = WINDOW.exec(text.trim())?.groups ?? {}
  const parsed = daysOf(days)
  const [begin, end] = [minutesOf(from), minutesOf(to)]
  if (parsed === undefined || begin === undefined || end === undefined || begin === end || !isZone(zone))
    return undefined
  return { days: parsed, from: begin, to: end, zone }
}

/** True from the minute of `from` up to, and without, the minute of `to`, by the clock of the window's zone. Pure. */
export function isOpen({ days, from, to, zone }: MaintenanceWindow, now: number): boolean {
  const { day, minute } = localTime(now, zone)
  if (from < to) return days.includes(day) && minute >= from && minute < to
  const yesterday = (day + 6) % 7
  return (days.includes(day) && minute >= from) || (days.includes(yesterday) && minute < to)
}

function daysOf(text: string): readonly number[] | undefined {
  const found: number[] = []
  for (const part of text.toLowerCase().split(',')) {
    const [first = '', last = first] = part.split('-')
    const [begin, end] = [first, last].map(name => DAYS.findIndex(day => day === name))
    if (begin === undefined || end === undefined || begin < 0 || end < 0) return undefined
    for (let day = begin; ; day = (day + 1) % 7) {
      found.push(day)
      if (day === end) break
    }
  }
  return [...new Set(found)].sort((left, right) => left - right)
}

function minutesOf(text: string): number | undefined {
  const [hours = Number.NaN, minutes = Number.NaN] = text.split(':').map(Number)
  const sum = hours * 60 + minutes
  return minutes < 60 && sum <= DAY_MINUTES ? sum : undefined
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

function localTime(now: number, zone: string): { readonly day: number; readonly minute: number } {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(now)
  const part = (type: string): string => parts.find(each => each.type === type)?.value ?? ''
  return {
    day: DAYS.findIndex(name => name === part('weekday').toLowerCase()),
    minute: Number(part('hour')) * 60 + Number(part('minute')),
  }
}
