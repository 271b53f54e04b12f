import { DroverError, type ErrorCode } from '../../shared/domain/errors.ts'

/** Turns what apt-get or dpkg printed into one sentence with a hint. */
export function explainAptFailure(argv: readonly string[], output: string): DroverError {
  const verb = argv.find(word => word === 'update' || word === 'install') ?? argv.slice(0, 2).join(' ')
  const lines = output.split('\n').map(line => line.trim())
  for (const { pattern, code, hint } of KNOWN) {
    const line = lines.find(candidate => pattern.test(candidate))
    if (line !== undefined) return new DroverError(code, `${argv[0]} ${verb}: ${clean(line)}`, { hint })
  }
  const errors = lines.filter(line => /^(E:|dpkg: error|Err:)/.test(line))
  const shown = (errors.length > 0 ? errors : lines.filter(line => line !== '').slice(-3)).slice(0, 4)
  return new DroverError('failed', `${argv[0]} ${verb} failed: ${shown.map(clean).join('; ').slice(0, 800)}`)
}

const KNOWN: readonly { readonly pattern: RegExp; readonly code: ErrorCode; readonly hint: string }[] = [
  {
    pattern: /Could not get lock|Unable to acquire the dpkg frontend lock|is another process using it/,
    code: 'locked',
    hint: 'another package manager runs on this host; wait for it or stop it, then apply again',
  },
  {
    pattern: /No space left on device|don't have enough free space/,
    code: 'exhausted',
    hint: 'free space on the host, then apply again',
  },
  {
    pattern: /Unable to locate package|^E: Version .* was not found|has no installation candidate/,
    code: 'not-found',
    hint: 'the fleet repository does not hold it: fill it with `drover packages fill`, then apply again',
  },
  {
    pattern: /(Depends|Breaks|Conflicts): .* but /,
    code: 'conflict',
    hint: 'the fleet repository lacks a dependency or another package of this host conflicts',
  },
  {
    pattern: /unmet dependencies|held broken packages|but it is not (installable|going to be installed)/,
    code: 'conflict',
    hint: 'the fleet repository lacks a dependency or another package of this host conflicts',
  },
  {
    pattern: /Packages need to be removed but remove is disabled/,
    code: 'conflict',
    hint: 'an installed package conflicts with the manifest; remove it by hand if it is not needed',
  },
  {
    pattern: /NO_PUBKEY|is not signed|EXPKEYSIG|BADSIG|invalid signature/i,
    code: 'denied',
    hint: 'the repository is not signed with the key of the manifest',
  },
  {
    pattern: /Could not connect|Failed to fetch|Could not resolve|Connection timed out|Unable to connect/,
    code: 'unavailable',
    hint: 'the host cannot reach the fleet repository; see that the orchestrator runs and its port is open',
  },
]

function clean(line: string): string {
  return line.replace(/^E: /, '').slice(0, 400)
}
