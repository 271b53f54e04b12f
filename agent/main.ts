import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { DroverError } from '../shared/domain/errors.ts'
import { systemClock } from '../shared/lib/clock.ts'
import { failpointsOf } from '../shared/lib/failpoint.ts'
import { runAgent } from './agent.ts'
import { DEFAULT_PATHS } from './agent-paths.ts'
import { createHost } from './host/host.ts'
import { createJsonLog } from './json-log.ts'

/** Replaced by the bundler; a checkout has no version of its own. */
declare const DROVER_VERSION: string | undefined

const { values } = parseArgs({
  options: {
    'config-dir': { type: 'string', default: DEFAULT_PATHS.config },
    'state-dir': { type: 'string', default: DEFAULT_PATHS.state },
    version: { type: 'boolean', default: false },
  },
})
const agentVersion = typeof DROVER_VERSION === 'string' ? DROVER_VERSION : '0.0.0-dev'
if (values.version) {
  process.stdout.write(`drover-agent ${agentVersion}\n`)
  process.exit(0)
}

const log = createJsonLog(line => process.stderr.write(line))
const stop = new AbortController()
for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stop.abort())
const isBundled = import.meta.url.endsWith('.mjs')
const factsScript = isBundled ? './facts-child.mjs' : './facts/main-facts-child.ts'
const credentials = process.env['CREDENTIALS_DIRECTORY']
const failpoints = failpointsOf(process.env)

log.info('agent starts', { version: agentVersion, node: process.versions.node })
try {
  await runAgent(
    {
      host: createHost(),
      paths: { config: values['config-dir'], state: values['state-dir'] },
      credentialDirectories: [...(credentials === undefined ? [] : [credentials]), '/run/credentials/@system'],
      factsProcess: { nodePath: process.execPath, scriptPath: fileURLToPath(new URL(factsScript, import.meta.url)) },
      agentVersion,
      clock: systemClock,
      log,
      failpoints,
    },
    stop.signal,
  )
} catch (error) {
  if (!stop.signal.aborted) {
    const { message, hint } = DroverError.from(error)
    log.error('the agent cannot go on', { reason: message, hint, error })
    process.exitCode = 1
  }
}
log.info('agent ends')
// Channels and timers of grpc may linger; everything of ours has ended.
process.exit()
