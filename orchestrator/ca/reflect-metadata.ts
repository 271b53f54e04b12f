/**
 * @peculiar/x509 loads tsyringe, which refuses to start without the Reflect metadata API. Its classes carry hardly any
 * metadata, so these three functions over a WeakMap are all it needs. Import this file before the library.
 */
type Metadata = Map<unknown, unknown>

const metadata = new WeakMap<object, Metadata>()

if (!('getMetadata' in Reflect)) {
  Object.assign(Reflect, {
    defineMetadata: (key: unknown, value: unknown, target: object) => {
      const own = metadata.get(target) ?? new Map()
      metadata.set(target, own.set(key, value))
    },
    getOwnMetadata: (key: unknown, target: object) => metadata.get(target)?.get(key),
    getMetadata: (key: unknown, target: object) => {
      for (let holder: object | null = target; holder !== null; holder = Reflect.getPrototypeOf(holder)) {
        const own = metadata.get(holder)
        if (own?.has(key) === true) return own.get(key)
      }
      return undefined
    },
  })
}
