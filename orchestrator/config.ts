import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { DroverError } from '../shared/domain/errors.ts'

export const CONFIG_FILE = 'config.yml'

/** `host:port`, `[::]:port`; port 0 takes a free one. */
const endpoint = z.string().regex(/^(?:[^:[\]\s]+|\[[0-9a-fA-F:]+\]):\d{1,5}$/, 'must be host:port')
const name = z.string().regex(/^[A-Za-z0-9.:-]+$/, 'must be an address or a host name')

const aptSource = z.strictObject({
  uris: z.array(z.string()).min(1),
  suites: z.array(z.string()).min(1),
  components: z.array(z.string()),
  signedBy: z.string(),
  options: z.record(z.string(), z.string()).optional(),
})

const schema = z.strictObject({
  /** Addresses or names by which hosts reach this orchestrator; the certificates of the listeners carry them. */
  addresses: z.array(name).min(1),
  listen: z
    .strictObject({
      /** API for the CLI on this machine. */
      socket: z.string().startsWith('/').default('/run/drover/drover.sock'),
      /** API for operators elsewhere, with certificates. Empty: none. */
      api: z.union([endpoint, z.literal('')]).default('0.0.0.0:7440'),
      enrol: endpoint.default('0.0.0.0:7441'),
      mesh: endpoint.default('0.0.0.0:7442'),
      packages: endpoint.default('0.0.0.0:7443'),
      /** Plain HTTP: /metrics and /healthz. */
      metrics: endpoint.default('127.0.0.1:7444'),
    })
    .prefault({}),
  heartbeatMs: z.int().min(100).max(60_000).default(5000),
  packages: z
    .strictObject({
      /** Default: `packages` in the state folder. */
      directory: z.string().startsWith('/').optional(),
      /** Debian architecture of the hosts; default: this machine's. */
      architecture: z.string().optional(),
      /** Put before commands that use the network. */
      commandPrefix: z.array(z.string()).default([]),
      /** Default: http://ADDRESS:PORT with the first of `addresses`. */
      advertisedUrl: z.url().optional(),
      /** By OS: `debian13`. Default: the mirrors of this machine's own apt. */
      sources: z.record(z.string(), z.array(aptSource)).optional(),
    })
    .prefault({}),
  log: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
})

/** DIR/config.yml with every default filled in. */
export type OrchestratorConfig = z.output<typeof schema>
/** What has to be written there. */
export type OrchestratorConfigInput = z.input<typeof schema>

/** Throws `invalid` with one problem for each mistake. */
export async function readConfig(directory: string): Promise<OrchestratorConfig> {
  const path = join(directory, CONFIG_FILE)
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new DroverError('invalid', `${path} cannot be read`, {
      cause,
      hint: `write one with at least: addresses: [ADDRESS]`,
    })
  })
  return parseConfig(text, path)
}

export function parseConfig(text: string, path: string): OrchestratorConfig {
  let document: unknown
  try {
    document = parse(text)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new DroverError('invalid', `${path} is no YAML: ${reason}`, { cause })
  }
  const result = schema.safeParse(document)
  if (result.success) return result.data
  const problems = result.error.issues.map(issue => ({
    code: 'bad-config',
    message: issue.message,
    path: issue.path.join('.'),
    severity: 'error' as const,
  }))
  throw new DroverError('invalid', `${path} has ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`, {
    problems,
  })
}

export function renderConfig(config: OrchestratorConfigInput): string {
  return stringify(config)
}
