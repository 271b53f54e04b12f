import type { Rule, Rules } from '../treatment.ts'
import { ETCD } from './etcd.ts'
import { INFRA } from './infra.ts'
import { MINIO } from './minio.ts'
import { NODE } from './node.ts'
import { OTHER_MODULES } from './other-modules.ts'
import { PGSQL_ACCESS } from './pgsql-access.ts'
import { PGSQL_BACKUP } from './pgsql-backup.ts'
import { PGSQL_BOOTSTRAP } from './pgsql-bootstrap.ts'
import { PGSQL_BUSINESS } from './pgsql-business.ts'
import { PGSQL_IDENTITY } from './pgsql-identity.ts'
import { PGSQL_INSTALL } from './pgsql-install.ts'
import { PGSQL_MONITOR } from './pgsql-monitor.ts'
import { PGSQL_PROVISION } from './pgsql-provision.ts'
import { REDIS } from './redis.ts'

const MODULES: Readonly<Record<string, Rules>> = {
  'pgsql identity': PGSQL_IDENTITY,
  'pgsql business': PGSQL_BUSINESS,
  'pgsql install': PGSQL_INSTALL,
  'pgsql bootstrap': PGSQL_BOOTSTRAP,
  'pgsql provision': PGSQL_PROVISION,
  'pgsql backup': PGSQL_BACKUP,
  'pgsql access': PGSQL_ACCESS,
  'pgsql monitor and removal': PGSQL_MONITOR,
  node: NODE,
  infra: INFRA,
  etcd: ETCD,
  minio: MINIO,
  redis: REDIS,
  'other modules': OTHER_MODULES,
}

interface Known {
  readonly module: string
  readonly rule: Rule
}

/** How each parameter of Pigsty 4 is treated, older names included, where an importer has nothing more precise to say. */
export const CATALOGUE: Readonly<Record<string, Known>> = Object.fromEntries(
  Object.entries(MODULES).flatMap(([module, rules]) =>
    Object.entries(rules).map(([name, rule]): [string, Known] => [name, { module, rule }]),
  ),
)

/** Ansible's own variables say how to reach a host, which Drover's agents need not be told. */
export function findRule(name: string): Known | undefined {
  if (Object.hasOwn(CATALOGUE, name)) return CATALOGUE[name]
  return name.startsWith('ansible_') && name !== 'ansible_host' ? CATALOGUE['ansible_*'] : undefined
}
