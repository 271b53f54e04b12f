import pino from 'pino'
import { Secret } from './secret.ts'

export type LogFields = Readonly<Record<string, unknown>>
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/** Static messages with fields: `log.info('session opened', { nodeId })`. Nothing is put into the message itself. */
export interface Log {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
  child(fields: LogFields): Log
}

export interface LogOptions {
  /** Default `info`. */
  readonly level?: LogLevel
  /** One JSON object a line. Default stderr, since stdout belongs to answers. */
  readonly destination?: { write(line: string): void }
  readonly fields?: LogFields
}

export function createLog(options: LogOptions = {}): Log {
  const logger = pino(
    {
      level: options.level ?? 'info',
      base: {},
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: label => ({ level: label }) },
    },
    options.destination ?? pino.destination({ dest: 2, sync: true }),
  )
  return wrap(options.fields === undefined ? logger : logger.child(safe(options.fields)))
}

function wrap(logger: pino.Logger): Log {
  return {
    debug: (message, fields) => logger.debug(safe(fields), message),
    info: (message, fields) => logger.info(safe(fields), message),
    warn: (message, fields) => logger.warn(safe(fields), message),
    error: (message, fields) => logger.error(safe(fields), message),
    child: fields => wrap(logger.child(safe(fields))),
  }
}

/** Errors as plain data, and no room for a raw buffer; secrets mask themselves through toJSON. */
function safe(fields: LogFields = {}): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, safeValue(value)]))
}

function safeValue(value: unknown): unknown {
  if (value instanceof Secret) return value.toString()
  if (value instanceof Uint8Array) return `${value.byteLength} bytes`
  if (value instanceof Error) return errorFields(value)
  return value
}

function errorFields(error: Error): Record<string, unknown> {
  const code = 'code' in error ? { code: error.code } : {}
  const cause = error.cause === undefined ? {} : { cause: safeValue(error.cause) }
  return { name: error.name, ...code, message: error.message, stack: error.stack, ...cause }
}
