import type { SecondSource } from '../facts/second-source.ts'

/**
 * systeminformation as the second source of facts. It starts programs, some of them synchronously, and stays in memory: load it in a
 * short-lived process only. Values that it makes up are left out: `Computer`, `-`, and "Docker" for a machine whose image was
 * once built for Docker.
 */
export async function createSystemInformation(): Promise<SecondSource> {
  const information = (await import('systeminformation')).default
  return {
    name: 'systeminformation',
    cpuModel: async () => {
      const { manufacturer, brand } = await information.cpu()
      return honest([manufacturer, brand].filter(Boolean).join(' '))
    },
    disks: async () => {
      const devices = await information.blockDevices()
      const whole = devices.filter(({ type }) => type === 'disk')
      return Object.fromEntries(
        whole.map(({ name, model, serial }) => [name, { model: honest(model), serial: honest(serial) }]),
      )
    },
    system: async () => {
      const { manufacturer, model, serial, uuid } = await information.system()
      return { vendor: honest(manufacturer), product: honest(model), serial: honest(serial), uuid: honest(uuid) }
    },
  }
}

function honest(text: string | undefined): string {
  const trimmed = text?.trim() ?? ''
  return trimmed === '-' || trimmed === 'Computer' || /docker/i.test(trimmed) ? '' : trimmed
}
