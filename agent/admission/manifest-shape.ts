import { isRuntimeId } from '../../shared/domain/runtime.ts'

/**
 * Whether the arguments of a converge command have the shape that the executor relies on; says where not. Signed does not mean well formed:
 * a newer orchestrator may send what this agent does not know.
 */
export function manifestProblem(args: unknown): string | null {
  const problem = object({ manifest: isManifest, dryRun: boolean })(args)
  return problem === null ? null : `args${problem}`
}

/** Null, or the place and what is wrong with it, such as `.files[2].mode is no text`. */
type Check = (value: unknown) => string | null

const text: Check = value => (typeof value === 'string' ? null : ' is no text')
const boolean: Check = value => (typeof value === 'boolean' ? null : ' is neither true nor false')
const port: Check = value =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 65_536 ? null : ' is no port'
const wholeNumber: Check = value =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 ? null : ' is no whole number'
const runtimeId: Check = value => (typeof value === 'string' && isRuntimeId(value) ? null : ' is no name of a runtime')
const texts: Check = value => list(text)(value)

function optional(check: Check): Check {
  return value => (value === undefined ? null : check(value))
}

function oneOf(...allowed: readonly string[]): Check {
  return value => (typeof value === 'string' && allowed.includes(value) ? null : ` is none of ${allowed.join(', ')}`)
}

function list(check: Check): Check {
  return value => {
    if (!Array.isArray(value)) return ' is no list'
    for (const [index, item] of value.entries()) {
      const problem = check(item)
      if (problem !== null) return `[${index}]${problem}`
    }
    return null
  }
}

function object(fields: Readonly<Record<string, Check>>): Check {
  return value => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return ' is no object'
    for (const [name, check] of Object.entries(fields)) {
      const problem = check((value as Record<string, unknown>)[name])
      if (problem !== null) return `.${name}${problem}`
    }
    return null
  }
}

const reactions = list(object({ unit: text, verb: oneOf('reload', 'restart', 'daemon-reload') }))
const ownership = { owner: text, group: text }

const isManifest = object({
  version: value => (value === 1 ? null : ' is not 1: this agent is too old for it'),
  packageSource: optional(object({ url: text, suite: text, key: text })),
  packages: list(object({ name: text, version: text })),
  runtimes: optional(
    list(
      object({
        id: runtimeId,
        postgresVersion: wholeNumber,
        packages: list(object({ name: text, version: text })),
      }),
    ),
  ),
  users: list(object({ name: text, home: optional(text), groups: optional(texts) })),
  directories: list(object({ path: text, mode: text, ...ownership })),
  certificates: list(
    object({
      name: text,
      certPath: text,
      keyPath: text,
      caPath: text,
      ...ownership,
      commonName: text,
      sans: texts,
      usages: list(oneOf('server', 'client')),
      reactions,
    }),
  ),
  files: list(object({ path: text, ...ownership, mode: text, content: text, secret: boolean, reactions })),
  links: optional(list(object({ path: text, target: text }))),
  units: list(
    object({
      name: text,
      enablement: oneOf('enabled', 'disabled', 'masked', 'unmanaged'),
      state: oneOf('started', 'stopped', 'unmanaged'),
      listens: optional(list(port)),
    }),
  ),
  leftovers: optional(list(object({ path: text }))),
  departed: optional(list(object({ instance: text, dataDirectory: text }))),
  watches: object({ instances: list(object({})) }),
})
