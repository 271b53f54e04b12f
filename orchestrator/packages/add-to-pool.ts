import { stat } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { DroverError } from '../../shared/domain/errors.ts'
import type { DebPackage, ResolvedPackage } from './package-repository.ts'
import { parsePackageRequests } from './package-request.ts'
import { isPooled, placeInPool, poolPath, sha256Of } from './pool.ts'
import type { RunCommand } from './run-command.ts'

/** Copies a .deb into the pool under the name that its own control file says. The same bytes again are no error, others are. */
export async function addToPool(request: {
  readonly osDirectory: string
  readonly path: string
  /** Of the hosts. */
  readonly architecture: string
  readonly run: RunCommand
}): Promise<DebPackage> {
  const { osDirectory, path, run } = request
  if (!isAbsolute(path)) throw new DroverError('invalid', `${path} is no absolute path on the orchestrator's machine`)
  const { exitCode, stdout, stderr } = await run({
    argv: ['dpkg-deb', '--show', '--showformat', '${Package}\\n${Version}\\n${Architecture}', path],
  })
  if (exitCode !== 0)
    throw new DroverError('invalid', `${path} is no Debian package: ${stderr.trim().split('\n').at(-1) ?? ''}`)
  const [name = '', version = '', architecture = ''] = stdout.split('\n')
  parsePackageRequests([`${name}=${version}`])
  if (architecture !== 'all' && architecture !== request.architecture)
    throw new DroverError('invalid', `${path} is for ${architecture}, the hosts are ${request.architecture}`)
  const { size: sizeBytes } = await stat(path)
  const filename = poolPath({ name, version, architecture })
  const item: ResolvedPackage = { name, version, architecture, sizeBytes, sha256: await sha256Of(path), filename }
  if (await isPooled(osDirectory, item)) return { name, version, architecture, sizeBytes }
  if ((await stat(join(osDirectory, filename)).catch(() => null)) !== null)
    throw new DroverError('conflict', `the fleet repository has another ${name} ${version}`, {
      retryable: false,
      hint: 'what hosts may have is never replaced: build it again with another version',
    })
  await placeInPool({ osDirectory, file: path, item, keep: true })
  return { name, version, architecture, sizeBytes }
}
