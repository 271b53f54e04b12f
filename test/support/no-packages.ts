import type { PackageRepository } from '../../orchestrator/packages/package-repository.ts'
import { DroverError } from '../../shared/domain/errors.ts'

/** A repository without any package, for tests that are not about packages. */
export function noPackages(): PackageRepository {
  return {
    suite: 'drover',
    versions: async ({ names }) => Object.fromEntries(names.map(name => [name, []])),
    resolve: async () => ({ packages: [], missing: [] }),
    fill: async () => {
      throw new DroverError('not-found', 'there are no packages here')
    },
    add: async () => [],
    list: async () => [],
    publicKey: () => '',
    url: os => `http://127.0.0.1:1/${os}`,
    close: async () => undefined,
  }
}
