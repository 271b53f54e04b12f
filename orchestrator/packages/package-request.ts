import { DroverError } from '../../shared/domain/errors.ts'
import type { Problem } from '../../shared/domain/problem.ts'

export interface PackageRequest {
  readonly name: string
  readonly version?: string
}

/** Debian's alphabets. A name never ends in `-`, which apt would read as "remove". */
const NAME = /^[a-z0-9][a-z0-9+.-]*[a-z0-9+.]$/
const VERSION = /^[0-9A-Za-z][0-9A-Za-z.+:~-]*$/

/** Parses `name` and `name=version` texts; throws `invalid` with every bad one at once. The order is kept, repeats are dropped. */
export function parsePackageRequests(texts: readonly string[]): readonly PackageRequest[] {
  const parsed = [...new Set(texts)].map(parseOne)
  const requests = parsed.filter(isRequest)
  const problems = [...parsed.filter(isProblem), ...contradictions(requests)]
  if (problems.length > 0)
    throw new DroverError('invalid', problems.map(problem => problem.message).join('; '), { problems })
  return requests
}

export function requestText({ name, version }: PackageRequest): string {
  return version === undefined ? name : `${name}=${version}`
}

function parseOne(text: string): PackageRequest | Problem {
  const at = text.indexOf('=')
  const name = at < 0 ? text : text.slice(0, at)
  const version = at < 0 ? undefined : text.slice(at + 1)
  if (!NAME.test(name)) return problem('bad-package-name', `${JSON.stringify(text)} is not a Debian package name`)
  if (version === undefined) return { name }
  return VERSION.test(version)
    ? { name, version }
    : problem('bad-package-version', `${JSON.stringify(text)} does not name a Debian version`)
}

/** Two versions of one package cannot be installed together, so they cannot be asked for together. */
function contradictions(requests: readonly PackageRequest[]): readonly Problem[] {
  const seen = new Map<string, PackageRequest>()
  return requests.flatMap(request => {
    const earlier = seen.get(request.name)
    seen.set(request.name, request)
    if (earlier === undefined) return []
    return [
      problem(
        'contradictory-version',
        `${requestText(earlier)} and ${requestText(request)} are asked for together; ask for one at a time`,
      ),
    ]
  })
}

function isRequest(value: PackageRequest | Problem): value is PackageRequest {
  return !isProblem(value)
}

function isProblem(value: PackageRequest | Problem): value is Problem {
  return 'code' in value
}

function problem(code: string, message: string): Problem {
  return { code, message, severity: 'error', hint: 'write name or name=version' }
}
