import { chmod, chown, stat, unlink } from 'node:fs/promises'
import { connect } from 'node:net'
import type { Server } from 'nice-grpc'
import { DroverError } from '../domain/errors.ts'

/**
 * Listens on a unix socket, mode 0660. A socket that a dead process left behind is replaced; a live one is `conflict`.
 * Until the mode is set, the usual umask lets only the owner connect.
 */
export async function listenUnix(options: {
  readonly server: Server
  readonly path: string
  /** Group that may connect besides the owner. */
  readonly groupId?: number
}): Promise<void> {
  const { server, path, groupId } = options
  await removeDeadSocket(path)
  await server.listen(`unix:${path}`)
  if (groupId !== undefined) await chown(path, -1, groupId)
  await chmod(path, 0o660)
}

async function removeDeadSocket(path: string): Promise<void> {
  const found = await stat(path).catch(() => null)
  if (found === null) return
  if (!found.isSocket())
    throw new DroverError('conflict', `${path} exists and is no socket`, {
      hint: 'move it away or choose another path',
    })
  if (await isAlive(path))
    throw new DroverError('conflict', `another process already listens on ${path}`, { hint: 'stop it first' })
  await unlink(path)
}

function isAlive(path: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
