import type { Variables } from '../inventory.ts'
import { flagOf, textOf } from '../values.ts'

export type Selector = (variables: Variables) => boolean

/**
 * What Pigsty's services select members with, of JMESPath: `[]`, or `[? … ]` with `&&`, `||`, `!`, parentheses, names of parameters,
 * `==` and `!=` against `` `word` `` or `'word'`. Undefined for anything else.
 */
export function parseSelector(text: string): Selector | undefined {
  const source = text.trim()
  if (source === '[]' || source === '[*]') return () => true
  const body = /^\[\?(.*)\]$/s.exec(source)?.[1]
  const tokens = body === undefined ? undefined : tokenize(body)
  return tokens === undefined ? undefined : new Parser(tokens).whole()
}

type Token =
  | { readonly kind: 'word' | 'literal'; readonly text: string }
  | { readonly kind: 'sign'; readonly text: string }

function tokenize(body: string): readonly Token[] | undefined {
  const tokens: Token[] = []
  let rest = body.trim()
  while (rest !== '') {
    const [whole, sign, literal, raw, word] =
      /^(?:(&&|\|\||==|!=|!|\(|\))|`([^`]*)`|'([^']*)'|([a-z_]\w*))\s*/i.exec(rest) ?? []
    if (whole === undefined) return undefined
    if (sign !== undefined) tokens.push({ kind: 'sign', text: sign })
    else if (word !== undefined) tokens.push({ kind: 'word', text: word })
    else tokens.push({ kind: 'literal', text: (literal ?? raw ?? '').replace(/^"(.*)"$/, '$1') })
    rest = rest.slice(whole.length)
  }
  return tokens
}

/** Recursive descent: or, and, not, comparison. Each step is undefined where the text is none. */
class Parser {
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  whole(): Selector | undefined {
    const selector = this.#either()
    return this.#at === this.#tokens.length ? selector : undefined
  }

  #either(): Selector | undefined {
    let left = this.#both()
    while (this.#takes('||')) {
      const [before, after] = [left, this.#both()]
      left = before && after && (variables => before(variables) || after(variables))
    }
    return left
  }

  #both(): Selector | undefined {
    let left = this.#negated()
    while (this.#takes('&&')) {
      const [before, after] = [left, this.#negated()]
      left = before && after && (variables => before(variables) && after(variables))
    }
    return left
  }

  #negated(): Selector | undefined {
    if (this.#takes('!')) {
      const inner = this.#negated()
      return inner && (variables => !inner(variables))
    }
    if (!this.#takes('(')) return this.#comparison()
    const inner = this.#either()
    return this.#takes(')') ? inner : undefined
  }

  #comparison(): Selector | undefined {
    const name = this.#next('word')
    if (name === undefined) return undefined
    const same = this.#takes('==')
    if (!same && !this.#takes('!=')) return variables => isTrue(variables, name)
    const literal = this.#next('literal')
    return literal === undefined ? undefined : variables => (textOf(variables.get(name)?.value) === literal) === same
  }

  #takes(sign: string): boolean {
    const token = this.#tokens[this.#at]
    if (token?.kind !== 'sign' || token.text !== sign) return false
    this.#at += 1
    return true
  }

  #next(kind: Token['kind']): string | undefined {
    const token = this.#tokens[this.#at]
    if (token?.kind !== kind) return undefined
    this.#at += 1
    return token.text
  }
}

/** JMESPath takes absent, false and empty values for false. */
function isTrue(variables: Variables, name: string): boolean {
  const value = variables.get(name)?.value
  return flagOf(value) ?? (value !== undefined && value !== null && value !== '')
}
