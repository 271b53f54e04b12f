import { type Fragment, publicFile, unitFile, unitItem } from './items.ts'
import type { KernelSettings } from './render-input.ts'

const UNIT_NAME = 'drover-kernel.service'
const SYSCTL_FILE = '/etc/sysctl.d/60-drover.conf'

/**
 * The kernel's settings, read at every boot and applied at once when they change. Whatever a host refuses (a container, a
 * kernel without the key) is logged and changes nothing else.
 */
export function renderKernel({ sysctl, transparentHugepages }: KernelSettings): Fragment {
  const lines = Object.entries(sysctl).map(([name, value]) => `${name} = ${value}`)
  const restart = { unit: UNIT_NAME, verb: 'restart' } as const
  return {
    files: [
      publicFile(SYSCTL_FILE, `${['# What PostgreSQL needs of the kernel, by Drover.', ...lines].join('\n')}\n`, [
        restart,
      ]),
      unitFile(UNIT_NAME, unitText(transparentHugepages)),
    ],
    units: [unitItem({ name: UNIT_NAME, start: true, listens: [] })],
  }
}

/** Transparent huge pages have no sysctl; in a container they would be those of somebody else's kernel. */
function unitText(transparentHugepages: KernelSettings['transparentHugepages']): string {
  return `[Unit]
Description=Drover: kernel settings for PostgreSQL
After=systemd-sysctl.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=-/usr/lib/systemd/systemd-sysctl ${SYSCTL_FILE}
ExecStart=-/bin/sh -c 'systemd-detect-virt --container --quiet || echo ${transparentHugepages} > /sys/kernel/mm/transparent_hugepage/enabled'

[Install]
WantedBy=multi-user.target
`
}
