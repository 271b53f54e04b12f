import type { Settings } from './machine.ts'

const OBSERVING = /^(shared_preload_libraries$|pg_stat_statements\.|auto_explain\.)/

/**
 * The settings with no observing libraries but those that `example` loads, set as it sets them. Observing costs time and is
 * no tuning: a comparison in which one side counts every statement and the other does not says nothing about tuning.
 */
export function observedAs(example: Settings, settings: Settings): Settings {
  const observing = Object.entries(example).filter(([name]) => OBSERVING.test(name))
  return { ...unobserved(settings), ...Object.fromEntries(observing) }
}

/** The settings without the libraries that observe. */
export function unobserved(settings: Settings): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !OBSERVING.test(name)))
}
