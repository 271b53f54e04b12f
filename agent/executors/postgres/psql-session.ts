import { DroverError } from '../../../shared/domain/errors.ts'
import { abortable } from '../../../shared/lib/abort.ts'
import type { Dialogue } from '../../host/dialogue.ts'
import type { Converse } from '../../host/host.ts'
import { psqlArgv } from './psql-argv.ts'

/** One connection that is kept open, so that nothing has to be started when every millisecond counts. */
export interface PsqlSession {
  /**
   * Runs one statement after the other is done. A statement whose only row names its column `answer` is answered with it, others with
   * nothing. Errors: `failed` with the server's own sentence, `unavailable` when there is no connection (any more), the signal's reason,
   * after which the session is killed, since nobody hears the answer.
   */
  ask(statement: string, signal: AbortSignal): Promise<string>
  close(): void
  /** Resolves when nothing that was asked can reach the server any more. */
  kill(): Promise<void>
}

export interface PsqlSessionTarget {
  readonly socketDirectory: string
  readonly port: number
  readonly user: 'postgres' | 'pgbouncer'
  readonly database: 'postgres' | 'pgbouncer'
}

/** Before the end of an answer, on stderr, which psql does not buffer. */
const MARK = '--answered--'

/** Over the local socket, by the account `postgres`, which both PostgreSQL and PgBouncer's console let in by peer. */
export async function openPsqlSession(converse: Converse, target: PsqlSessionTarget): Promise<PsqlSession> {
  const { socketDirectory, port, user, database } = target
  const dialogue = await converse({
    argv: psqlArgv(
      '--no-psqlrc',
      '--quiet',
      '--tuples-only',
      '--no-password',
      `--host=${socketDirectory}`,
      `--port=${port}`,
      `--username=${user}`,
      `--dbname=${database}`,
      '--file=-',
    ),
    user: 'postgres',
  })
  let last: Promise<unknown> = Promise.resolve()
  return {
    ask(statement, signal) {
      const asked = last.catch(() => undefined).then(() => ask(dialogue, statement, port, signal))
      last = asked
      return asked
    },
    close: () => dialogue.close(),
    kill: () => dialogue.kill(),
  }
}

async function ask(dialogue: Dialogue, statement: string, port: number, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted()
  const isQuestion = statement.startsWith('SELECT ')
  dialogue.say(`${statement}${isQuestion ? ' \\gset' : ';'}\n\\warn ${MARK} :ERROR${isQuestion ? ' :answer' : ''}\n`)
  const complaints: string[] = []
  for (;;) {
    const line = await abortable(dialogue.hear(), signal).catch((error: unknown) => {
      void dialogue.kill()
      throw error
    })
    if (line === null)
      throw new DroverError('unavailable', `nothing answers on port ${port}: ${complaints[0] ?? 'no reason given'}`)
    if (!line.startsWith(MARK)) {
      complaints.push(line.replace(/^psql:(<stdin>:\d+:)?\s*/, ''))
      continue
    }
    const [isError, answer = ''] = line.slice(MARK.length + 1).split(' ')
    if (isError === 'false') return answer
    throw new DroverError('failed', complaints[0] ?? 'no reason given')
  }
}
