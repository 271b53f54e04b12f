import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'

/** PostgreSQL's default (`scram_iterations`, version 16 and later; fixed before). */
const ITERATIONS = 4096

/**
 * The SCRAM-SHA-256 verifier of a password in PostgreSQL's own format (RFC 5803 as `pg_authid.rolpassword` holds it):
 * `SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>`. PgBouncer can pass a client's login on to the server only
 * when both hold the very same verifier, so it is made once and kept, never made anew from the password.
 *
 * The password must be printable ASCII, for which SASLprep is the identity.
 */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16)): string {
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256')
  const clientKey = createHmac('sha256', salted).update('Client Key').digest()
  const storedKey = createHash('sha256').update(clientKey).digest('base64')
  const serverKey = createHmac('sha256', salted).update('Server Key').digest('base64')
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`
}
