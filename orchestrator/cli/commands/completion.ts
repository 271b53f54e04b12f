import { Argument } from '@commander-js/extra-typings'
import type { Cli, Parent } from '../cli.ts'
import { completionScript } from '../completion.ts'

export function addCompletion(parent: Parent, cli: Cli): void {
  parent
    .command('completion')
    .summary('completion script for a shell')
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish'] as const))
    .addHelpText('after', '\nExample:\n  source <(drover completion bash)\n')
    .action(shell => cli.terminal.out.write(completionScript(shell, parent)))
}
