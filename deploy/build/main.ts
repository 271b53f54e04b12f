import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildAgentPackage } from './agent-package.ts'

/** 2025-01-01: any fixed time will do, as long as equal inputs give equal packages. */
const DEFAULT_EPOCH = '1735689600'

const root = fileURLToPath(new URL('../../', import.meta.url))
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
const epochSeconds = Number(process.env['SOURCE_DATE_EPOCH'] ?? DEFAULT_EPOCH)

await buildAgentPackage({
  root,
  version,
  epochSeconds,
  say: line => process.stderr.write(`build: ${line}\n`),
})
