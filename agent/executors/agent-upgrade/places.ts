import { isAgentVersion } from '../../../shared/domain/agent-upgrade.ts'
import { DroverError } from '../../../shared/domain/errors.ts'

/** Where the package that was installed on this host has put its files. */
export const INSTALLED = '/usr/lib/drover-agent'
/** Versions that came later lie here, each in a folder as its package has it. */
export const VERSIONS = '/var/lib/drover-agent/versions'
export const AGENT_UNIT = 'drover-agent.service'
/** Present: systemd starts the version that it names. Absent: the installed one. One rename decides. */
export const UNIT_FILE = `/etc/systemd/system/${AGENT_UNIT}`
export const RETURN_UNIT = 'drover-agent-return'
export const RETURN_SCRIPT = `${VERSIONS}/return.sh`
/** What {@link RETURN_SCRIPT} puts in the place of {@link UNIT_FILE}. */
export const RETURN_TO = `${VERSIONS}/return-to.service`
/** Written when the host went back: the version that was given up in the first line, what it last said in the others. */
export const GIVEN_UP = `${VERSIONS}/given-up`

const MARK = '# Drover: agent '

export function folderOf(version: string): string {
  if (isAgentVersion(version)) return `${VERSIONS}/${version}`
  throw new DroverError('invalid', `${JSON.stringify(version)} is no version of the agent`, { retryable: false })
}

/** The unit of a version's own package, led to where its files lie. */
export function unitTextFor(version: string, packaged: string): string {
  return `${MARK}${version}\n${packaged.replaceAll(`${INSTALLED}/`, `${folderOf(version)}${INSTALLED}/`)}`
}

/** Of a text of {@link UNIT_FILE}; null when somebody else has written it. */
export function versionIn(unitText: string): string | null {
  const [first = ''] = unitText.split('\n')
  return first.startsWith(MARK) ? first.slice(MARK.length) : null
}
