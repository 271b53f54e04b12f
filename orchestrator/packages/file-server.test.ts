import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FileServer } from './file-server.ts'
import { serveFiles } from './file-server.ts'

let directory: string
let server: FileServer

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'drover-files-'))
  await mkdir(join(directory, 'root/debian13/pool'), { recursive: true })
  await writeFile(join(directory, 'secret'), 'secret')
  await writeFile(join(directory, 'root/debian13/pool/a+b_1.deb'), '0123456789')
  await writeFile(join(directory, 'root/debian13/pool/empty'), '')
  await writeFile(join(directory, 'root/debian13/hidden'), 'hidden')
  await symlink('../../../secret', join(directory, 'root/debian13/pool/link'))
  server = await serveFiles({
    root: join(directory, 'root'),
    host: '127.0.0.1',
    port: 0,
    exposes: segments => segments[1] === 'pool',
  })
})

afterEach(async () => {
  await server.close()
  await rm(directory, { recursive: true })
})

interface Answer {
  readonly status: number | undefined
  readonly headers: NodeJS.Dict<string | string[]>
  readonly body: string
}

/** Without fetch, which would tidy up the path. */
function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: server.host, port: server.port, path, headers, method }, response => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (body += chunk))
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }))
    })
    sent.on('error', reject).end()
  })
}

const FILE = '/debian13/pool/a+b_1.deb'

describe('the file server', () => {
  it('sends files, with the escapes apt writes', async () => {
    expect(await get(FILE)).toMatchObject({
      status: 200,
      body: '0123456789',
      headers: { 'content-length': '10', 'accept-ranges': 'bytes' },
    })
    expect((await get('/debian13/pool/a%2bb_1.deb')).body).toBe('0123456789')
    expect(await get(FILE, {}, 'HEAD')).toMatchObject({ status: 200, body: '', headers: { 'content-length': '10' } })
    expect(await get('/debian13/pool/empty')).toMatchObject({ status: 200, body: '' })
  })

  it.each([
    '/debian13/pool/../../../secret',
    '/debian13/pool/%2e%2e/%2e%2e/%2e%2e/secret',
    '/debian13/pool/..%2f..%2f..%2fsecret',
    '/debian13/pool/link',
    '/debian13/pool/%00',
    '/debian13/pool/%zz',
    '/debian13/pool/',
    '/debian13/pool',
    '/debian13/hidden',
    '//debian13/pool/empty',
    '/',
  ])('has nothing at %s', async path => {
    expect(await get(path)).toMatchObject({ status: 404, body: '' })
  })

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('refuses %s', async method => {
    expect(await get(FILE, {}, method)).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } })
  })

  it.each([
    ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['bytes=7-', 206, '789', 'bytes 7-9/10'],
    ['bytes=-3', 206, '789', 'bytes 7-9/10'],
    ['bytes=0-99', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=10-', 416, '', 'bytes */10'],
    ['bytes=0-1,4-5', 200, '0123456789', undefined],
    ['bytes=5-2', 200, '0123456789', undefined],
    ['lines=1-2', 200, '0123456789', undefined],
  ])('answers range %s with %d', async (range, status, body, contentRange) => {
    const answer = await get(FILE, { range })
    expect(answer).toMatchObject({ status, body })
    expect(answer.headers['content-range']).toBe(contentRange)
  })

  it('resumes only what has not changed since', async () => {
    const first = await get(FILE)
    const etag = String(first.headers['etag'])
    const date = String(first.headers['last-modified'])
    expect((await get(FILE, { range: 'bytes=5-', 'if-range': etag })).status).toBe(206)
    expect((await get(FILE, { range: 'bytes=5-', 'if-range': date })).status).toBe(206)
    expect((await get(FILE, { range: 'bytes=5-', 'if-range': '"other"' })).status).toBe(200)
  })

  it('answers 304 to a client that has the file', async () => {
    const first = await get(FILE)
    const date = String(first.headers['last-modified'])
    expect(await get(FILE, { 'if-modified-since': date })).toMatchObject({ status: 304, body: '' })
    expect((await get(FILE, { 'if-none-match': `"x", ${String(first.headers['etag'])}` })).status).toBe(304)
    expect((await get(FILE, { 'if-modified-since': new Date(0).toUTCString() })).status).toBe(200)
    expect((await get(FILE, { 'if-none-match': '"x"', 'if-modified-since': date })).status).toBe(200)
  })

  it('says that a port is taken', async () => {
    const second = serveFiles({
      root: join(directory, 'root'),
      host: server.host,
      port: server.port,
      exposes: () => true,
    })
    await expect(second).rejects.toMatchObject({ code: 'conflict' })
  })
})
