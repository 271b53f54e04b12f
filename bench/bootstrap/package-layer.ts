import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { installPackages } from '../../deploy/lab/install-packages.ts'
import type { LabContext } from '../../deploy/lab/lab-context.ts'
import { buildLayer } from '../../deploy/lab/layer.ts'
import type { OsName } from '../../deploy/lab/model.ts'
import { runInRoot } from '../../deploy/lab/run-in-root.ts'
import { createClusterDropIn, maskedUnits } from '../../orchestrator/plan/render/base.ts'

export interface PackageLayer {
  readonly os: OsName
  readonly packages: readonly string[]
  /** What is below, topmost first, the base image last. */
  readonly lower: readonly string[]
}

/** A layer with packages installed, and none of the services that Debian would start with them. */
export function packageLayer({ os, packages, lower }: PackageLayer, context: LabContext): Promise<string> {
  return buildLayer(
    {
      lower,
      name: 'bench-packages',
      // Debian's updates change the versions, so a layer is good for a day.
      hash: `${packages.join(' ')} ${new Date().toISOString().slice(0, 10)}`,
      populate: async root => {
        const dropIn = createClusterDropIn()
        await mkdir(dirname(join(root, dropIn.path)), { recursive: true })
        await writeFile(join(root, dropIn.path), dropIn.content)
        const masked = maskedUnits().map(({ name }) => name)
        await context.run(runInRoot({ root, argv: ['systemctl', 'mask', ...masked], signal: context.signal }))
        await installPackages({ root, os, packages }, context)
      },
    },
    context,
  )
}
