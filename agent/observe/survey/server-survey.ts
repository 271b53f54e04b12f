import { DroverError } from '../../../shared/domain/errors.ts'
import type { ServerSurvey } from '../../../shared/domain/look.ts'
import type { InstanceWatch } from '../../../shared/domain/manifest.ts'
import { type PsqlCall, psql } from '../../executors/postgres/psql.ts'
import { SETTINGS_SQL, wantedNames } from '../../executors/postgres/settings-query.ts'
import type { TlsClient } from '../mutual-tls.ts'

export interface SurveyQuestion extends Pick<PsqlCall, 'exec' | 'signal'> {
  readonly watch: InstanceWatch
  readonly client: TlsClient
}

const TIMEOUT_MS = 5_000

/**
 * A server and its Patroni as they are at rest: one question to the server, two to Patroni. Changes nothing. Errors: `unavailable`
 * when one of them does not answer, `failed`.
 */
export async function surveyServer(question: SurveyQuestion): Promise<ServerSurvey> {
  const [config, cluster] = await Promise.all([ask(question, '/config'), ask(question, '/cluster')])
  const { watch, exec, signal } = question
  const parameters = fields(fields(config['postgresql'])['parameters'])
  const text = await psql({
    exec,
    socketDirectory: watch.socketDirectory,
    port: watch.postgresPort,
    database: 'postgres',
    sql: `${wantedNames(parameters)}${SURVEY_SQL}`,
    signal,
  })
  const { hbaText, hba, ...server } = JSON.parse(text) as ServerAnswer
  return {
    ...server,
    hba: { ...hba, errors: hba.errors.map(withoutPasswords), lines: hbaLines(hbaText) },
    config,
    members: membersOf(cluster),
  }
}

interface ServerAnswer extends Pick<ServerSurvey, 'settings' | 'slots'> {
  readonly hba: Omit<ServerSurvey['hba'], 'lines'>
  readonly hbaText: string
}

async function ask({ watch, client, signal }: SurveyQuestion, path: string): Promise<Fields> {
  const answer = await client.request({ url: `${watch.patroniUrl}${path}`, tls: watch, timeoutMs: TIMEOUT_MS, signal })
  if (answer.status === 200) return fields(JSON.parse(answer.text))
  throw new DroverError('unavailable', `Patroni of ${watch.instance} answered ${answer.status} to GET ${path}`)
}

/** Without comments, and without the passwords that some methods want in the file. */
export function hbaLines(text: string): readonly string[] {
  return text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(withoutPasswords)
}

function withoutPasswords(text: string): string {
  return text.replaceAll(/\b(ldapbindpasswd|radiussecrets)=("[^"]*"|\S+)/gi, '$1=[hidden]')
}

/** Only what stays while the cluster lives on. */
function membersOf(cluster: Fields): ServerSurvey['members'] {
  const members = Array.isArray(cluster['members']) ? cluster['members'].map(fields) : []
  return members.map(member => ({ name: String(member['name']), tags: fields(member['tags']) }))
}

type Fields = Readonly<Record<string, unknown>>

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}
}

const SURVEY_SQL = `SET statement_timeout = '15s';
SELECT json_build_object(
  'settings', coalesce(${SETTINGS_SQL}, '[]'::json),
  'slots', coalesce((SELECT json_agg(json_build_object('name', slot_name, 'type', slot_type) ORDER BY slot_name)
    FROM pg_replication_slots WHERE NOT temporary), '[]'::json),
  'hba', json_build_object(
    'errors', coalesce((SELECT json_agg('line ' || line_number || ': ' || error ORDER BY line_number)
      FROM pg_hba_file_rules WHERE error IS NOT NULL), '[]'::json),
    'isUnread', (pg_stat_file(current_setting('hba_file'))).modification > pg_conf_load_time()),
  'hbaText', pg_read_file(current_setting('hba_file')));`
