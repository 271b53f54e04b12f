/** A setting whose value may hold a credential: it is never shown. A name with a dot belongs to an extension, or to somebody's application. */
export function isPrivateSetting(name: string): boolean {
  return name.includes('.') || /passw|secret|conninfo|token|_command$/i.test(name)
}
