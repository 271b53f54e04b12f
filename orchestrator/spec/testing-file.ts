import { parseSpec } from './parse-spec.ts'

/** A fleet file of one cluster `pg-main`; the text stands below its name, from line 5 on, and is indented by six. */
export function inCluster(text: string): string {
  return fleetOf(`
    - name: pg-main
      ${text.trim()}
  `)
}

/** A fleet file with these clusters, indented by four, from line 4 on. */
export function fleetOf(clusters: string): string {
  return `version: 1\nfleet: { name: f }\nclusters:\n${clusters.replace(/^\n/, '').trimEnd()}\n`
}

/** What a person is told of a file, in order: `LINE PATH CODE: message → hint`, with `warning` in front where it is one. */
export function told(file: string): readonly string[] {
  const { problems } = asResult(parseSpec(file, 'fleet.yml'))
  return problems.map(({ severity, line, path, code, message, hint }) => {
    const advice = hint === undefined ? '' : ` → ${hint}`
    return `${severity === 'warning' ? 'warning ' : ''}${line} ${path} ${code}: ${message}${advice}`
  })
}

function asResult(result: ReturnType<typeof parseSpec>) {
  return 'spec' in result ? result : { problems: result }
}
