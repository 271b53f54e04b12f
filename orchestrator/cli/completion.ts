import type { CommandUnknownOpts } from '@commander-js/extra-typings'
import { assertNever } from '../../shared/domain/errors.ts'

interface Choices {
  /** Words before the cursor, after the program's name: `` or `node`. */
  readonly words: string
  readonly next: readonly string[]
}

/** A completion script made from the command tree itself, so that it knows exactly what `--help` knows. */
export function completionScript(shell: 'bash' | 'zsh' | 'fish', program: CommandUnknownOpts): string {
  const choices = collect(program, [])
  switch (shell) {
    case 'bash':
      return bash(choices)
    case 'zsh':
      return `autoload -U +X bashcompinit && bashcompinit\n${bash(choices)}`
    case 'fish':
      return fish(choices)
    default:
      return assertNever(shell)
  }
}

function collect(command: CommandUnknownOpts, path: readonly string[]): Choices[] {
  const options = command.options.map(option => option.long).filter(long => typeof long === 'string')
  const own = { words: path.join(' '), next: [...command.commands.map(child => child.name()), ...options, '--help'] }
  return [own, ...command.commands.flatMap(child => collect(child, [...path, child.name()]))]
}

function bash(choices: readonly Choices[]): string {
  const cases = choices.map(({ words, next }) => `    '${words}') choices='${next.join(' ')}' ;;`)
  return `_drover() {
  local words='' word choices='' index
  for ((index = 1; index < COMP_CWORD; index++)); do
    word="\${COMP_WORDS[index]}"
    [[ $word == -* ]] || words="\${words:+$words }$word"
  done
  while :; do
    case "$words" in
${cases.join('\n')}
    esac
    [[ -n $choices || -z $words ]] && break
    [[ $words == *' '* ]] && words="\${words% *}" || words=''
  done
  COMPREPLY=($(compgen -W "$choices" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _drover drover
`
}

function fish(choices: readonly Choices[]): string {
  const lines = choices.flatMap(({ words, next }) => {
    const condition =
      words === ''
        ? '__fish_use_subcommand'
        : words
            .split(' ')
            .map(word => `__fish_seen_subcommand_from ${word}`)
            .join('; and ')
    return next.map(choice =>
      choice.startsWith('--')
        ? `complete -c drover -n '${condition}' -l ${choice.slice(2)}`
        : `complete -c drover -f -n '${condition}' -a ${choice}`,
    )
  })
  return `${lines.join('\n')}\n`
}
