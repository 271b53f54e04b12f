import { each, fixed, mapped, notApplicable, type Rules } from '../treatment.ts'

export const PGSQL_PROVISION: Rules = {
  pg_provision: fixed([true], {
    to: 'users and databases, which an apply always makes',
    reason: 'an apply always makes what the file declares',
    instead: 'users and databases are made',
  }),
  pg_init: fixed(['pg-init'], {
    to: 'users, databases and template, which an apply makes',
    reason: 'the script is not in the inventory',
    instead: 'run by hand what it does beyond roles, schemas and extensions',
  }),
  pg_reload: notApplicable('an apply always reloads what it changed'),
  ...each('pg_default_roles', mapped('clusters[].users')),
  pg_default_privileges: mapped('clusters[].privileges'),
  pg_default_schemas: mapped('clusters[].template.schemas'),
  pg_default_extensions: mapped('clusters[].template.extensions'),
  pg_default_hba_rules: mapped('clusters[].hba'),
  pgb_default_hba_rules: mapped('clusters[].hba'),
}
