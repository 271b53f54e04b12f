import { createHash } from 'node:crypto'
import { copyFile, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { baseImage } from '../lab/base-image.ts'
import type { LabContext } from '../lab/lab-context.ts'
import { buildLayer } from '../lab/layer.ts'
import type { OsName } from '../lab/model.ts'
import { runInRoot } from '../lab/run-in-root.ts'

/** A layer over the base image in which the agent's .deb is installed, as a provisioning system would leave a host. */
export async function agentLayer(os: OsName, agentPackage: string, context: LabContext): Promise<string> {
  const image = await baseImage(os, context)
  const hash = createHash('sha256')
    .update(await readFile(agentPackage))
    .digest('hex')
  return buildLayer(
    {
      lower: [image],
      name: `agent-${os}`,
      hash,
      populate: async root => {
        const inside = '/drover-agent.deb'
        await copyFile(agentPackage, join(root, inside))
        await context.run(runInRoot({ root, argv: ['dpkg', '--install', inside], signal: context.signal }))
        await rm(join(root, inside))
      },
    },
    context,
  )
}
