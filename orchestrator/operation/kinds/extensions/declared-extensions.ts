import type { UpdateExtensionsArgs } from '../../../../shared/domain/extension-update.ts'
import type { ClusterSpec } from '../../../../shared/domain/spec.ts'

/** Where the template's extensions are for sure; what a database that was made later has of them is its own. */
const TEMPLATE_DATABASES = ['postgres', 'template1']

/** Extensions that the spec declares without a version: those with one stay at it. A standby cluster has its source's. Pure. */
export function declaredExtensions(spec: ClusterSpec): UpdateExtensionsArgs['extensions'] {
  if (spec.standbyOf !== undefined) return []
  const free = (all: ClusterSpec['template']['extensions']) =>
    all.filter(({ version }) => version === undefined).map(({ name }) => name)
  const own = spec.databases.flatMap(({ name: database, extensions, allowConnections }) =>
    allowConnections ? free(extensions).map(name => ({ database, name })) : [],
  )
  const shared = TEMPLATE_DATABASES.flatMap(database =>
    free(spec.template.extensions).map(name => ({ database, name })),
  )
  return [...own, ...shared]
}
