import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DroverError } from '../../shared/domain/errors.ts'
import { cachedFolder } from './cached-folder.ts'
import type { LabContext } from './lab-context.ts'
import type { OsName } from './model.ts'
import { debianSources, mainArchive, type PackageSource, sourcesCommand } from './package-sources.ts'
import { privateMounts } from './private-mounts.ts'
import { type ImageRecipe, imageRecipe, recipeName } from './recipe.ts'
import { runInRoot } from './run-in-root.ts'

const bootstrapTimeoutMs = 1_200_000

/** The folder of an operating system's base image, bootstrapped on first use from this machine's Debian mirror. */
export function baseImage(os: OsName, context: LabContext): Promise<string> {
  const recipe = imageRecipe(os)
  const build = (scratch: string): Promise<string> => bootstrap({ os, recipe, scratch, context })
  return cachedFolder({ cacheDir: join(context.cacheDir, 'lab'), name: recipeName(os, recipe), build }, context)
}

interface Bootstrap {
  readonly os: OsName
  readonly recipe: ImageRecipe
  readonly scratch: string
  readonly context: LabContext
}

async function bootstrap({ os, recipe, scratch, context }: Bootstrap): Promise<string> {
  const started = performance.now()
  context.report(`building the ${os} base image (once; about a minute)`)
  const mirror = mainArchive(await packageSources(context))
  if (mirror === undefined) throw noMirror()
  const root = join(scratch, 'root')
  await context.run({
    argv: [
      ...privateMounts,
      'sh',
      '-c',
      withProxy,
      'debootstrap',
      '--variant=minbase',
      `--include=${recipe.packages.join(',')}`,
      recipe.suite,
      root,
      mirror,
      ...(await suiteScript(recipe.suite)),
    ],
    input: `${await proxySetting(context)}
`,
    timeoutMs: bootstrapTimeoutMs,
    signal: context.signal,
  })
  await context.run(runInRoot({ root, argv: ['sh', '-euc', recipe.finish.join('\n')], signal: context.signal }))
  context.report(`built the ${os} base image in ${Math.round((performance.now() - started) / 1000)} s`)
  return root
}

/** This machine's Debian archives. apt knows their origin only after a first update. */
export async function packageSources(context: LabContext): Promise<readonly PackageSource[]> {
  const known = await askSources(context)
  if (known.length > 0) return known
  await context.run({
    argv: ['apt-get', '-o', 'DPkg::Lock::Timeout=300', '-qq', 'update'],
    timeoutMs: 300_000,
    signal: context.signal,
  })
  return askSources(context)
}

async function askSources({ run, signal }: LabContext): Promise<readonly PackageSource[]> {
  return debianSources((await run({ argv: sourcesCommand, signal })).stdout)
}

/** A proxy may carry a password: it comes by standard input, not as an argument. */
const withProxy = 'read -r http_proxy; [ -z "$http_proxy" ] || export http_proxy; exec "$0" "$@"'

/** apt's own proxy setting, for a debootstrap that downloads with wget; empty for none. */
async function proxySetting({ run, signal }: LabContext): Promise<string> {
  const answer = await run({ argv: ['apt-config', 'shell', 'proxy', 'Acquire::http::Proxy'], signal })
  const proxy = /^proxy='(.*)'$/m.exec(answer.stdout)?.[1] ?? ''
  return proxy === 'DIRECT' ? '' : proxy
}

/** An older debootstrap may not know a newer release by name; all recent ones are built alike. */
async function suiteScript(suite: string): Promise<readonly string[]> {
  const scripts = '/usr/share/debootstrap/scripts'
  const known = await stat(join(scripts, suite)).catch(() => undefined)
  return known === undefined ? [join(scripts, 'sid')] : []
}

function noMirror(): DroverError {
  return new DroverError('unavailable', 'the package sources of this machine name no Debian archive', {
    retryable: false,
    hint: 'add a Debian mirror to /etc/apt/sources.list.d and run apt-get update; see apt-get indextargets',
  })
}
