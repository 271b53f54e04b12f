import { describe, expect, it } from 'vitest'
import { fillPlaceholders, placeholderPaths } from './placeholders.ts'

const document = {
  files: [{ content: 'user "app" "${scram:clusters/pg-main/users/app}"\n', secret: true }],
  password: '${secret:clusters/pg-main/postgres}',
  mode: '0600',
  count: 3,
}

describe('placeholders', () => {
  it('finds every path once', () => {
    expect(placeholderPaths([document, document])).toEqual(['clusters/pg-main/postgres', 'clusters/pg-main/users/app'])
  })

  it('fills passwords and verifiers and leaves everything else as it is', () => {
    const filled = fillPlaceholders(document, path => ({ password: `pw(${path})`, verifier: `vf(${path})` }))
    expect(filled).toEqual({
      files: [{ content: 'user "app" "vf(clusters/pg-main/users/app)"\n', secret: true }],
      password: 'pw(clusters/pg-main/postgres)',
      mode: '0600',
      count: 3,
    })
  })

  it('does not mistake what a password holds for a placeholder or a replacement pattern', () => {
    const filled = fillPlaceholders('${secret:a}', () => ({ password: "$& $1 ${secret:b} $'", verifier: '' }))
    expect(filled).toBe("$& $1 ${secret:b} $'")
  })
})
