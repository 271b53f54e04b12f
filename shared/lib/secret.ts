import { inspect } from 'node:util'

const MASK = '[REDACTED]'

/**
 * A value that must not reach logs, events, plans or argument lists (S8): string conversion, JSON and inspection all
 * give a mask. `reveal` is the only way in, so that every use can be found by its name.
 */
export class Secret<T = string> {
  readonly #value: T

  constructor(value: T) {
    this.#value = value
  }

  reveal(): T {
    return this.#value
  }

  toString(): string {
    return MASK
  }

  toJSON(): string {
    return MASK
  }

  [inspect.custom](): string {
    return MASK
  }
}
