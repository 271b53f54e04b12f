/** Every server loads them. */
export const DEFAULT_LIBRARIES = ['pg_stat_statements'] as const

/** The names in a value of `shared_preload_libraries`. */
export function libraryList(value: string): readonly string[] {
  return value
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '')
}
