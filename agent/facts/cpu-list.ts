/** The numbers of a kernel CPU list such as `0-3,8,10-11`; empty for an empty list, undefined for anything else. */
export function parseCpuList(text: string): readonly number[] | undefined {
  const numbers: number[] = []
  if (text === '') return numbers
  for (const part of text.split(',')) {
    const match = /^(\d+)(?:-(\d+))?$/.exec(part)
    if (match === null) return undefined
    const first = Number(match[1])
    const last = Number(match[2] ?? match[1])
    for (let number = first; number <= last; number += 1) numbers.push(number)
  }
  return numbers
}
