import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DroverError } from '../../shared/domain/errors.ts'
import type { PrintedUri } from './apt-output.ts'
import { aptComplaint, parseMadison, parsePrintedUris } from './apt-output.ts'
import type { AptWorkspace } from './apt-workspace.ts'
import { madison, packageNames, resolveInstall, showRecords } from './apt-workspace.ts'
import { closeNames } from './close-names.ts'
import { parseDeb822 } from './deb822.ts'
import type { InstalledPackage, MissingPackage } from './package-repository.ts'
import type { PackageRequest } from './package-request.ts'
import { requestText } from './package-request.ts'
import type { RunCommand } from './run-command.ts'
import { renderStatusFile } from './status-file.ts'

/** Asks apt about the lists at hand; uses no network. */
export interface Resolver {
  versions(names: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, readonly string[]>>
  missing(requests: readonly PackageRequest[], signal?: AbortSignal): Promise<readonly MissingPackage[]>
  /** Everything to install, in apt's order. Throws `failed` with apt's own words when the packages do not fit together. */
  resolve(request: {
    readonly requests: readonly PackageRequest[]
    readonly installed: readonly InstalledPackage[] | null
    readonly signal?: AbortSignal | undefined
  }): Promise<readonly PrintedUri[]>
}

export function createResolver({
  os,
  workspace,
  run,
}: {
  os: string
  workspace: AptWorkspace
  run: RunCommand
}): Resolver {
  const versions: Resolver['versions'] = async (names, signal) => {
    const result = await run(madison(workspace, names), { signal })
    return parseMadison(result.stdout)
  }
  return {
    versions,

    async missing(requests, signal) {
      const onOffer = await versions(
        requests.map(request => request.name),
        signal,
      )
      const absent = requests.filter(({ name, version }) => !offers(onOffer.get(name), version))
      if (absent.length === 0) return []
      const names = (await run(packageNames(workspace), { signal })).stdout.split('\n')
      return absent.map(request => describeMissing({ os, request, versions: onOffer.get(request.name) ?? [], names }))
    },

    async resolve({ requests, installed, signal }) {
      const status = join(workspace.directory, 'state/status-of-hosts')
      await writeFile(status, await hostStatus({ requests, installed, signal }))
      try {
        const result = await run(resolveInstall(workspace, { status, packages: requests.map(requestText) }), { signal })
        if (result.exitCode !== 0) throw doNotFit(os, `${result.stdout}\n${result.stderr}`)
        return parsePrintedUris(result.stdout)
      } finally {
        await rm(status, { force: true })
      }
    },
  }

  /** What is asked for by name never counts as installed: a later host may lack it, and then it must be in the pool. */
  async function hostStatus({ requests, installed, signal }: Parameters<Resolver['resolve']>[0]): Promise<string> {
    const asked = new Set(requests.map(request => request.name))
    const others = (installed ?? []).filter(item => !asked.has(item.name))
    if (others.length === 0) return ''
    const records = await run(
      showRecords(
        workspace,
        others.map(item => item.name),
      ),
      { signal },
    )
    return renderStatusFile(others, parseDeb822(records.stdout))
  }
}

function offers(versions: readonly string[] | undefined, wanted: string | undefined): boolean {
  return versions !== undefined && (wanted === undefined || versions.includes(wanted))
}

function describeMissing({
  os,
  request,
  versions,
  names,
}: {
  os: string
  request: PackageRequest
  versions: readonly string[]
  names: readonly string[]
}): MissingPackage {
  const { name, version } = request
  if (versions.length > 0) {
    return {
      request: requestText(request),
      message: `${name} ${version} is not on offer for ${os}; on offer: ${versions.join(', ')}`,
      suggestions: versions,
    }
  }
  const close = closeNames({ wanted: name, names })
  const advice = close.length === 0 ? '' : `; close names: ${close.join(', ')}`
  return {
    request: requestText(request),
    message: `no package source of ${os} offers ${name}${advice}`,
    suggestions: close,
  }
}

function doNotFit(os: string, output: string): DroverError {
  const explanation = output
    .split('\n')
    .filter(line =>
      /^ +\S+ ?:|^ +(Depends|PreDepends|Breaks|Conflicts)|^The following packages will be REMOVED/.test(line),
    )
  const words = [aptComplaint(output), ...explanation.map(line => line.trim())].join('; ')
  return new DroverError('failed', `the packages do not fit together on ${os}: ${words}`, {
    hint: 'pin packages of one source to matching versions, or leave the version open',
  })
}
