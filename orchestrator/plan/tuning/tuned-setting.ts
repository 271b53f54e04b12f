/** A value that tuning chose, with its rule and the fact or the place in the fleet file that it came from. */
export interface TunedSetting {
  readonly name: string
  readonly value: string
  readonly because: string
  readonly from: string
}

/** A figure with where it comes from. */
export interface Sourced<T> {
  readonly value: T
  readonly from: string
}

export type SettingValues = Readonly<Record<string, string>>

export function valuesOf(settings: readonly TunedSetting[]): SettingValues {
  return Object.fromEntries(settings.map(({ name, value }) => [name, value]))
}
