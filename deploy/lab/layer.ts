import { createHash } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { overlayOptions } from './boot-command.ts'
import { cachedFolder } from './cached-folder.ts'
import type { LabContext } from './lab-context.ts'

export interface LayerSpec {
  /** Read-only folders below the new layer, topmost first; the last one is a base image. */
  readonly lower: readonly string[]
  readonly name: string
  /** Identifies what `populate` will do, for example the checksum of a .deb. */
  readonly hash: string
  /** Changes the root folder; use `runInRoot` to run programs of the image. */
  readonly populate: (root: string) => Promise<void>
}

/** A read-only folder to put over a base image (`addHosts({ layers })`), made once for each content. */
export function buildLayer(spec: LayerSpec, context: LabContext): Promise<string> {
  const build = (scratch: string): Promise<string> => populateOverlay(spec, scratch, context)
  return cachedFolder({ cacheDir: join(context.cacheDir, 'lab', 'layers'), name: layerName(spec), build }, context)
}

/** A layer depends on what is below it. */
function layerName({ lower, name, hash }: LayerSpec): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([lower, hash]))
    .digest('hex')
  return `${name}-${digest.slice(0, 12)}`
}

async function populateOverlay(
  { lower, name, populate }: LayerSpec,
  scratch: string,
  context: LabContext,
): Promise<string> {
  context.report(`building the layer ${name}`)
  const paths = { upper: join(scratch, 'upper'), work: join(scratch, 'work') }
  const root = join(scratch, 'root')
  for (const folder of [paths.upper, paths.work, root]) await mkdir(folder, { mode: 0o755 })
  await context.run({ argv: ['mount', '-t', 'overlay', '-o', overlayOptions(lower, paths), 'drover-lab', root] })
  try {
    await populate(root)
  } finally {
    await context.run({ argv: ['umount', root] })
  }
  return paths.upper
}
