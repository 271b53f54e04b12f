import type { Stats } from 'node:fs'
import { constants, type FileHandle, open, realpath } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import { join, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { DroverError } from '../../shared/domain/errors.ts'
import { etagOf, isNotModified, selectRange } from './http-file.ts'

export interface FileServerOptions {
  readonly root: string
  readonly host: string
  readonly port: number
  /** Which paths exist for clients, by their segments. */
  readonly exposes: (segments: readonly string[]) => boolean
  readonly maxConnections?: number
}

export interface FileServer {
  readonly host: string
  readonly port: number
  /** Takes no new connection, lets running downloads end for a while, then cuts them. */
  close(): Promise<void>
}

const IDLE_SOCKET_MS = 60_000
const CLOSE_GRACE_MS = 5_000

/** A read-only HTTP server over a folder: GET and HEAD, ranges, conditional requests, no listings. */
export async function serveFiles({
  root,
  host,
  port,
  exposes,
  maxConnections = 512,
}: FileServerOptions): Promise<FileServer> {
  const realRoot = await realpath(root)
  const server = createServer({ keepAliveTimeout: 15_000 }, (request, response) => {
    answer({ request, response, realRoot, exposes }).catch(() => response.destroy())
  })
  server.maxConnections = maxConnections
  server.setTimeout(IDLE_SOCKET_MS)
  await new Promise<void>((resolve, reject) => {
    server.once('error', error => reject(cannotListen({ host, port, error })))
    server.listen({ host, port }, resolve)
  })
  const address = server.address()
  const actualPort = typeof address === 'object' && address !== null ? address.port : port
  return {
    host,
    port: actualPort,
    async close() {
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      server.closeIdleConnections()
      const cut = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS)
      await closed
      clearTimeout(cut)
    },
  }
}

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly realRoot: string
  readonly exposes: (segments: readonly string[]) => boolean
}

async function answer({ request, response, realRoot, exposes }: Exchange): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    refuse(response, 405, { allow: 'GET, HEAD' })
    return
  }
  const segments = parsePath(request.url ?? '')
  const file = segments !== undefined && exposes(segments) ? await openInside(realRoot, segments) : undefined
  if (file === undefined) {
    refuse(response, 404)
    return
  }
  try {
    await sendFile({ request, response, file, stats: await file.stat() })
  } finally {
    await file.close()
  }
}

/** The decoded segments of a request path; undefined when it is not a plain path to a file. */
export function parsePath(url: string): readonly string[] | undefined {
  const path = url.split('?', 1)[0] ?? ''
  if (!path.startsWith('/')) return undefined
  try {
    const segments = path.slice(1).split('/').map(decodeURIComponent)
    const plain = segments.every(
      segment => segment !== '' && segment !== '.' && segment !== '..' && !/[/\\\0]/.test(segment),
    )
    return plain ? segments : undefined
  } catch {
    return undefined
  }
}

/** Opens a regular file below the root; symbolic links count as where they lead. */
async function openInside(realRoot: string, segments: readonly string[]): Promise<FileHandle | undefined> {
  try {
    const path = await realpath(join(realRoot, ...segments))
    if (!path.startsWith(`${realRoot}${sep}`)) return undefined
    // Without O_NONBLOCK, opening a named pipe would wait for a writer.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
    if ((await file.stat()).isFile()) return file
    await file.close()
    return undefined
  } catch {
    return undefined
  }
}

async function sendFile({
  request,
  response,
  file,
  stats,
}: {
  request: IncomingMessage
  response: ServerResponse
  file: FileHandle
  stats: Stats
}): Promise<void> {
  const headers = {
    etag: etagOf(stats),
    'last-modified': stats.mtime.toUTCString(),
    'accept-ranges': 'bytes',
    'cache-control': 'no-cache',
  }
  if (isNotModified(request.headers, stats)) {
    response.writeHead(304, headers).end()
    return
  }
  const range = selectRange(request.headers, stats)
  if (range === 'unsatisfiable') {
    refuse(response, 416, { ...headers, 'content-range': `bytes */${stats.size}` })
    return
  }
  const { start, end } = range ?? { start: 0, end: stats.size - 1 }
  response.writeHead(range === undefined ? 200 : 206, {
    ...headers,
    'content-type': 'application/octet-stream',
    'content-length': end - start + 1,
    ...(range === undefined ? {} : { 'content-range': `bytes ${start}-${end}/${stats.size}` }),
  })
  if (request.method === 'HEAD' || end < start) {
    response.end()
    return
  }
  await pipeline(file.createReadStream({ start, end, autoClose: false }), response)
}

function refuse(response: ServerResponse, status: number, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { ...headers, 'content-length': 0 }).end()
}

function cannotListen({
  host,
  port,
  error,
}: {
  host: string
  port: number
  error: Error & { readonly code?: string }
}): DroverError {
  const busy = error.code === 'EADDRINUSE'
  const why = busy ? 'another program uses it' : error.message
  return new DroverError(
    busy ? 'conflict' : 'failed',
    `the package repository cannot listen on ${host} port ${port}: ${why}`,
    {
      cause: error,
      hint: 'choose another address or port for the package repository, or end the other program',
    },
  )
}
