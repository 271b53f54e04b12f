/**
 * Debian's `psql` is a Perl program that looks for the newest psql and starts it, which takes longer than all that psql does then; nodes hold
 * their clients meanwhile. The shell finds it without. Debian's own is what is left where there is none.
 */
const NEWEST = 'for psql in /usr/lib/postgresql/*/bin/psql; do :; done; [ -x "$psql" ] || psql=psql; exec "$psql" "$@"'

/** What starts psql with these options. */
export function psqlArgv(...options: readonly string[]): readonly [string, ...string[]] {
  return ['/bin/sh', '-c', NEWEST, 'psql', ...options]
}
