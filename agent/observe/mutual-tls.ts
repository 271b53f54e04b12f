import { Agent, type RequestOptions, request } from 'node:https'
import { DroverError } from '../../shared/domain/errors.ts'
import type { HostFiles } from '../host/files-types.ts'

export interface TlsFiles {
  readonly caPath: string
  readonly certPath: string
  readonly keyPath: string
}

export interface TlsRequest {
  readonly url: string
  readonly tls: TlsFiles
  readonly method?: 'GET' | 'POST' | 'PATCH'
  /** Sent as JSON. */
  readonly body?: unknown
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

export interface TlsAnswer {
  readonly status: number
  readonly text: string
}

/**
 * Asks servers of the fleet over mutual TLS, keeping connections open between requests.
 * Errors: `unavailable` (no connection, a bad certificate), `timeout`, `aborted`, `exhausted` (answer over 4 MiB).
 */
export interface TlsClient {
  request(call: TlsRequest): Promise<TlsAnswer>
  close(): void
}

const REREAD_MS = 30_000
const MAX_ANSWER_BYTES = 4 * 1024 * 1024

interface CachedAgent {
  readonly agent: Agent
  readonly material: string
  readonly readAt: number
}

/** Certificates are renewed under us: their files are read again every half minute, and a change makes new connections. */
export function createTlsClient(parts: {
  readonly files: Pick<HostFiles, 'readText'>
  readonly now: () => number
}): TlsClient {
  const cached = new Map<string, CachedAgent>()

  async function agentFor(tls: TlsFiles): Promise<Agent> {
    const name = `${tls.caPath} ${tls.certPath} ${tls.keyPath}`
    const known = cached.get(name)
    if (known !== undefined && parts.now() - known.readAt < REREAD_MS) return known.agent
    const ca = await read(parts.files, tls.caPath)
    const cert = await read(parts.files, tls.certPath)
    const key = await read(parts.files, tls.keyPath)
    const material = [ca, cert, key].join('\n')
    if (known !== undefined && known.material === material) {
      cached.set(name, { ...known, readAt: parts.now() })
      return known.agent
    }
    known?.agent.destroy()
    const agent = new Agent({ keepAlive: true, maxSockets: 4, ca, cert, key })
    cached.set(name, { agent, material, readAt: parts.now() })
    return agent
  }

  return {
    request: async call => ask(call, await agentFor(call.tls)),
    close: () => {
      for (const { agent } of cached.values()) agent.destroy()
      cached.clear()
    },
  }
}

async function read(files: Pick<HostFiles, 'readText'>, path: string): Promise<string> {
  const text = await files.readText(path)
  if (text === null) throw new DroverError('unavailable', `${path} is not there yet`)
  return text
}

function ask(call: TlsRequest, agent: Agent): Promise<TlsAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<TlsAnswer>()
  const body = call.body === undefined ? undefined : Buffer.from(JSON.stringify(call.body))
  const options: RequestOptions = {
    agent,
    method: call.method ?? 'GET',
    headers: body === undefined ? {} : { 'content-type': 'application/json', 'content-length': body.length },
    signal: AbortSignal.any([call.signal, AbortSignal.timeout(call.timeoutMs)]),
  }
  const sent = request(call.url, options, response => {
    const chunks: Buffer[] = []
    let size = 0
    response.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > MAX_ANSWER_BYTES) sent.destroy(new DroverError('exhausted', `the answer of ${call.url} is over 4 MiB`))
      else chunks.push(chunk)
    })
    response.on('end', () =>
      resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
    )
    response.on('error', error => reject(explain(call, error)))
  })
  sent.on('error', error => reject(explain(call, error)))
  sent.end(body)
  return promise
}

function explain(call: TlsRequest, error: Error): DroverError {
  if (error instanceof DroverError) return error
  if (call.signal.aborted) return new DroverError('aborted', 'the work was aborted', { cause: error })
  if (error.name === 'AbortError' || error.name === 'TimeoutError') {
    return new DroverError('timeout', `${call.url} did not answer within ${call.timeoutMs} ms`, { cause: error })
  }
  return new DroverError('unavailable', `${call.url} cannot be reached: ${error.message}`, { cause: error })
}
