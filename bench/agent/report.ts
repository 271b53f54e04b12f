import type { Comparison, Idle } from './compare.ts'

const AIM_BYTES = 64 * 1024 * 1024
const AIM_CPU_PERCENT = 0.5

export function report({ minutes, agent, bareNode }: Comparison): string {
  return [
    `idle for ${minutes} min   PSS MiB   RSS MiB   CPU % of a core`,
    line('agent, connected', agent),
    line('bare node', bareNode),
    `ratio agent / bare node: PSS ${(agent.pssBytes / bareNode.pssBytes).toFixed(2)}, RSS ${(agent.rssBytes / bareNode.rssBytes).toFixed(2)}`,
    `aim: resident memory 64 MiB or less: ${verdict(agent.rssBytes <= AIM_BYTES)}; CPU ${AIM_CPU_PERCENT} % or less: ${verdict(agent.cpuPercent <= AIM_CPU_PERCENT)}`,
    '',
  ].join('\n')
}

function line(title: string, { pssBytes, rssBytes, cpuPercent }: Idle): string {
  return `${title.padEnd(16)} ${mebibytes(pssBytes)} ${mebibytes(rssBytes)} ${cpuPercent.toFixed(3).padStart(17)}`
}

function mebibytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1).padStart(9)
}

function verdict(met: boolean): string {
  return met ? 'met' : 'MISSED'
}
