import type { Log, LogFields } from '../shared/lib/log.ts'
import { Secret } from '../shared/lib/secret.ts'

/** One JSON object a line, as pino writes it; pino itself would cost the agent three megabytes of memory. */
export function createJsonLog(write: (line: string) => void, fields: LogFields = {}): Log {
  const at =
    (level: string) =>
    (message: string, more: LogFields = {}) =>
      write(
        `${JSON.stringify({ level, time: new Date().toISOString(), ...safe({ ...fields, ...more }), msg: message })}\n`,
      )
  return {
    debug: () => undefined,
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: more => createJsonLog(write, { ...fields, ...more }),
  }
}

/** Errors as plain data, no raw buffers; secrets mask themselves through toJSON. */
function safe(fields: LogFields): LogFields {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, safeValue(value)]))
}

function safeValue(value: unknown): unknown {
  if (value instanceof Secret) return value.toString()
  if (value instanceof Uint8Array) return `${value.byteLength} bytes`
  if (value instanceof Error) return { name: value.name, message: value.message, stack: value.stack }
  return value
}
