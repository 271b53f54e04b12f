import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DroverError } from '../../shared/domain/errors.ts'
import { Secret } from '../../shared/lib/secret.ts'

/** What a fleet's folder holds, all mode 0600. Together they are the fleet: back them up together. */
export const FLEET_FILES = {
  fleet: 'fleet.json',
  keySet: 'keyset.bin',
  rootKey: 'root.key',
  signerKey: 'signer.key',
  caCertificate: 'ca.pem',
  caKey: 'ca.key',
  dataKey: 'data.key',
} as const

export interface FleetRecord {
  readonly format: 1
  readonly id: string
  readonly name: string
  /** Unix milliseconds. */
  readonly createdAt: number
}

export async function readFleetFile(directory: string, file: keyof typeof FLEET_FILES): Promise<Buffer> {
  const path = join(directory, FLEET_FILES[file])
  try {
    return await readFile(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' && file === 'fleet')
      throw new DroverError('not-found', `there is no fleet in ${directory}`, { hint: 'make one with: drover init' })
    if (code === 'ENOENT')
      throw new DroverError('failed', `the fleet in ${directory} is incomplete: ${FLEET_FILES[file]} is missing`, {
        hint: 'restore the whole folder from a backup',
      })
    if (code === 'EACCES')
      throw new DroverError('denied', `may not read ${path}`, { hint: 'run as the user that owns the fleet folder' })
    throw DroverError.from(error)
  }
}

export async function readFleetSecret(directory: string, file: keyof typeof FLEET_FILES): Promise<Secret> {
  return new Secret((await readFleetFile(directory, file)).toString('utf8'))
}
