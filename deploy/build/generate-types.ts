import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Message types from the .proto files into proto/gen. They are committed, and CI runs this with `--check`, which
 * regenerates into a scratch folder and fails when the committed types differ.
 */
const root = fileURLToPath(new URL('../../', import.meta.url))
const committed = join(root, 'proto/gen')

if (process.argv.includes('--check')) {
  const scratch = mkdtempSync(join(tmpdir(), 'drover-gen-'))
  try {
    generate(scratch)
    const differing = compare(scratch, committed)
    if (differing.length > 0) {
      console.error(`proto/gen is stale (${differing.join(', ')}): run npm run gen`)
      process.exitCode = 1
    }
  } finally {
    rmSync(scratch, { recursive: true })
  }
} else {
  rmSync(committed, { recursive: true, force: true })
  generate(committed)
}

function generate(outDir: string): void {
  execFileSync(
    join(root, 'node_modules/.bin/proto-loader-gen-types'),
    [
      '--longs=Number',
      '--enums=String',
      '--bytes=Buffer',
      '--defaults',
      '--oneofs',
      '--includeDirs=proto',
      '--grpcLib=@grpc/grpc-js',
      '--importFileExtension=.ts',
      '--targetFileExtension=.ts',
      `--outDir=${outDir}`,
      'drover/v1/agent.proto',
      'drover/v1/fleet.proto',
    ],
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
  )
}

/** Names of files that one side lacks or that differ. */
function compare(left: string, right: string): string[] {
  const files = new Set([...listFiles(left), ...listFiles(right)])
  return [...files].filter(file => readOrNull(join(left, file)) !== readOrNull(join(right, file)))
}

function listFiles(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(directory.length + 1))
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
