import { spawn } from 'node:child_process'
import { DroverError } from '../../../../shared/domain/errors.ts'
import type { Cli, Parent } from '../../cli.ts'
import { connectionUrl } from '../../connection-url.ts'
import { EXIT } from '../../exit-codes.ts'

export function addClusterPsql(parent: Parent, cli: Cli): void {
  parent
    .command('psql')
    .summary('connect to a cluster, or print how')
    .argument('<name>', 'cluster name')
    .option('--service <service>', 'primary, replica, default, offline or one of the spec', 'primary')
    .option('-d, --database <database>', 'default: the first of the spec')
    .option('-U, --user <user>', 'default: the owner of the database')
    .option('--all-hosts', 'name every host that has the service, for drivers that try them in order')
    .option('--print', 'print the URL, with the password, instead of running psql')
    .action(async (name, options) => {
      const api = await cli.connect()
      const shown = await api.ShowCluster({ name, reveal: true }, { signal: cli.signal })
      const { url, password } = connectionUrl(shown, options)
      if (options.print === true) return cli.terminal.out.write(`${url}\n`)
      cli.setExitCode(await runPsql(url, password, cli.environment))
    })
}

/** The password travels in the environment: argument lists are readable by everyone on the machine (S8). */
function runPsql(url: string, password: string, environment: Cli['environment']): Promise<number> {
  const argument = url.replace(`:${encodeURIComponent(password)}@`, '@')
  return new Promise((resolve, reject) => {
    const child = spawn('psql', [argument], { stdio: 'inherit', env: { ...environment, PGPASSWORD: password } })
    child.once('error', cause =>
      reject(
        new DroverError('failed', 'psql cannot be started', {
          cause,
          hint: 'install postgresql-client, or use --print',
        }),
      ),
    )
    child.once('exit', code => resolve(code ?? EXIT.failed))
  })
}
