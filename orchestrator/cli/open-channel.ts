import { readFile } from 'node:fs/promises'
import type { Channel } from 'nice-grpc'
import { DroverError } from '../../shared/domain/errors.ts'
import { openChannel as openTlsChannel, openUnixChannel } from '../../shared/wire/channel.ts'
import type { Endpoint } from './context.ts'

/** A channel to an orchestrator; nothing is sent yet. */
export async function openChannel(endpoint: Endpoint): Promise<Channel> {
  if (endpoint.kind === 'socket') return openUnixChannel(endpoint.path)
  const [caPem, certificatePem, privateKeyPem] = await Promise.all(
    [endpoint.caPath, endpoint.certPath, endpoint.keyPath].map(readPem),
  )
  if (caPem === undefined || certificatePem === undefined || privateKeyPem === undefined)
    throw new DroverError('internal', 'three files were read')
  const identity = { certificatePem, privateKeyPem }
  return openTlsChannel({ address: endpoint.address, caPem, identity, isOperator: true })
}

async function readPem(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new DroverError('invalid', `${path}, named in the context, cannot be read`, { cause })
  }
}
