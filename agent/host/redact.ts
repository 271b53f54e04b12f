/** Takes what looks like a secret out of lines that a foreign program wrote (S8). */
export function redact(text: string): string {
  return text
    .replace(/(\b(?:password|passwd|secret|token|key)\b["']?\s*[:=]\s*)("[^"]*"|'[^']*'|[^\s,;]+)/gi, '$1[REDACTED]')
    .replace(/(\w+:\/\/[^\s:/@]+:)[^\s@]+@/g, '$1[REDACTED]@')
    .replace(/SCRAM-SHA-256\$\S+/g, '[REDACTED]')
}
