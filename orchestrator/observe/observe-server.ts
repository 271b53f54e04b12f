import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Log } from '../../shared/lib/log.ts'
import type { Metrics } from './metrics.ts'

export interface ObserveServer {
  readonly port: number
  close(): Promise<void>
}

/** Plain HTTP: `/metrics` for Prometheus, `/healthz` with 200 or 503 and the reason. Rejects when the port is busy. */
export async function openObserveServer(parts: {
  readonly host: string
  readonly port: number
  readonly metrics: Metrics
  /** Rejects with what is wrong. */
  readonly health: () => Promise<void>
  readonly log: Log
}): Promise<ObserveServer> {
  const { host, port, metrics, health, log } = parts
  const server = createServer((request, response) => {
    void answer(request.url ?? '/').then(
      ({ status, type, body }) => response.writeHead(status, { 'content-type': type }).end(body),
      (error: unknown) => {
        log.error('a scrape failed', { error })
        response.writeHead(500).end('internal error\n')
      },
    )
  })
  await listen(server, { host, port })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }

  async function answer(url: string): Promise<{ status: number; type: string; body: string }> {
    const path = url.split('?')[0]
    if (path === '/metrics') return { status: 200, type: metrics.contentType, body: await metrics.render() }
    if (path !== '/healthz') return { status: 404, type: 'text/plain', body: 'only /metrics and /healthz\n' }
    try {
      await health()
      return { status: 200, type: 'text/plain', body: 'ok\n' }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      return { status: 503, type: 'text/plain', body: `${reason}\n` }
    }
  }
}

function listen(server: Server, where: { readonly host: string; readonly port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(where, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
