import { fileURLToPath } from 'node:url'
import { VERSION } from '../../shared/lib/version.ts'
import type { LabContext } from '../lab/lab-context.ts'

const buildScript = fileURLToPath(new URL('../build/main.ts', import.meta.url))
const agentPackagePath = fileURLToPath(new URL(`../../dist/drover-agent_${VERSION}_amd64.deb`, import.meta.url))

/** Builds the agent's .deb, unless it is up to date, and says where it is. */
export async function buildAgent({ run, signal }: Pick<LabContext, 'run' | 'signal'>): Promise<string> {
  await run({ argv: [process.execPath, buildScript], timeoutMs: 300_000, signal })
  return agentPackagePath
}
