import { Command } from '@commander-js/extra-typings'
import type { Cli } from './cli.ts'
import { addApply } from './commands/apply.ts'
import { addAuditList } from './commands/audit/list.ts'
import { addAuditVerify } from './commands/audit/verify.ts'
import { addClusterFailover } from './commands/cluster/failover.ts'
import { addClusterList } from './commands/cluster/list.ts'
import { addClusterMove } from './commands/cluster/move.ts'
import { addClusterPause } from './commands/cluster/pause.ts'
import { addClusterPsql } from './commands/cluster/psql.ts'
import { addClusterPurge } from './commands/cluster/purge.ts'
import { addClusterReinit } from './commands/cluster/reinit.ts'
import { addClusterReload } from './commands/cluster/reload.ts'
import { addClusterRemove } from './commands/cluster/remove.ts'
import { addClusterReplace } from './commands/cluster/replace.ts'
import { addClusterRestart } from './commands/cluster/restart.ts'
import { addClusterShow } from './commands/cluster/show.ts'
import { addClusterStart } from './commands/cluster/start.ts'
import { addClusterStop } from './commands/cluster/stop.ts'
import { addClusterSwitchover } from './commands/cluster/switchover.ts'
import { addClusterUndoRemove } from './commands/cluster/undo-remove.ts'
import { addClusterUnpause } from './commands/cluster/unpause.ts'
import { addClusterUpdateExtensions } from './commands/cluster/update-extensions.ts'
import { addClusterUpgrade } from './commands/cluster/upgrade.ts'
import { addCompletion } from './commands/completion.ts'
import { addDrift } from './commands/drift.ts'
import { addEtcdDefrag } from './commands/etcd/defrag.ts'
import { addImportPigsty } from './commands/import/pigsty.ts'
import { addInit } from './commands/init.ts'
import { addNodeApprove } from './commands/node/approve.ts'
import { addNodeDrain } from './commands/node/drain.ts'
import { addNodeLabel } from './commands/node/label.ts'
import { addNodeList } from './commands/node/list.ts'
import { addNodeRemove } from './commands/node/remove.ts'
import { addNodeShow } from './commands/node/show.ts'
import { addNodeUndrain } from './commands/node/undrain.ts'
import { addOperationCancel } from './commands/operation/cancel.ts'
import { addOperationList } from './commands/operation/list.ts'
import { addOperationResume } from './commands/operation/resume.ts'
import { addOperationShow } from './commands/operation/show.ts'
import { addOperationWatch } from './commands/operation/watch.ts'
import { addPackagesAdd } from './commands/packages/add.ts'
import { addPackagesExtensions } from './commands/packages/extensions.ts'
import { addPackagesFill } from './commands/packages/fill.ts'
import { addPackagesList } from './commands/packages/list.ts'
import { addPlan } from './commands/plan.ts'
import { addServe } from './commands/serve.ts'
import { addStatus } from './commands/status.ts'
import { addTokenCreate } from './commands/token/create.ts'
import { addTokenList } from './commands/token/list.ts'
import { addTokenRevoke } from './commands/token/revoke.ts'
import { addUpgradeAgents } from './commands/upgrade/agents.ts'
import { addUpgradeComponents } from './commands/upgrade/components.ts'
import { addUpgradePause, addUpgradeResume } from './commands/upgrade/control.ts'
import { addUpgradeHold, addUpgradeUnhold } from './commands/upgrade/hold.ts'
import { addUpgradeNote, addUpgradeUnnote } from './commands/upgrade/note.ts'
import { addUpgradePlan } from './commands/upgrade/plan.ts'
import { addUpgradeReport } from './commands/upgrade/report.ts'
import { addUpgradeStart } from './commands/upgrade/start.ts'
import { addUpgradeAbort, addUpgradeStatus } from './commands/upgrade/status.ts'

const HELP = `
Examples:
  drover status
  drover plan -f fleet.yml --explain
  drover apply -f fleet.yml
  drover cluster psql pg-main

Exit codes:
  0 done or nothing to do   1 failed               2 usage or invalid spec   3 operation failed or cancelled
  4 orchestrator unreachable   5 stale plan or lock held   10 changes (--exit-code)   130 interrupted`

/** The whole command tree. Every command file has description, options, run and render, in this order. */
export function createProgram(cli: Cli, version: string): Command {
  const program = new Command('drover')
    .description('Run fleets of PostgreSQL on your own machines.')
    .version(version)
    .option('--socket <path>', "orchestrator's unix socket")
    .option('--context <name>', 'orchestrator from the contexts file')
    .option('-v, --verbose', 'show the causes of errors')
    .addHelpText('after', HELP)
    .showHelpAfterError('(add --help for the options)') as unknown as Command
  for (const add of [addInit, addServe, addPlan, addApply, addStatus, addDrift]) add(program, cli)
  group(program, 'node', 'hosts with an agent', cli, [
    addNodeList,
    addNodeShow,
    addNodeApprove,
    addNodeLabel,
    addNodeDrain,
    addNodeUndrain,
    addNodeRemove,
  ])
  group(program, 'token', 'join tokens for new hosts', cli, [addTokenCreate, addTokenList, addTokenRevoke])
  group(program, 'etcd', 'the store in which Patroni agrees on the primary', cli, [addEtcdDefrag])
  group(program, 'cluster', 'PostgreSQL clusters', cli, [
    addClusterList,
    addClusterShow,
    addClusterPsql,
    addClusterSwitchover,
    addClusterUpgrade,
    addClusterUpdateExtensions,
    addClusterFailover,
    addClusterPause,
    addClusterUnpause,
    addClusterRestart,
    addClusterReload,
    addClusterReinit,
    addClusterMove,
    addClusterReplace,
    addClusterStop,
    addClusterStart,
    addClusterRemove,
    addClusterUndoRemove,
    addClusterPurge,
  ])
  group(
    program,
    'upgrade',
    'the whole fleet to another version of PostgreSQL, agents or components, wave by wave',
    cli,
    [
      addUpgradePlan,
      addUpgradeStart,
      addUpgradeStatus,
      addUpgradeReport,
      addUpgradePause,
      addUpgradeResume,
      addUpgradeAbort,
      addUpgradeAgents,
      addUpgradeComponents,
      addUpgradeHold,
      addUpgradeUnhold,
      addUpgradeNote,
      addUpgradeUnnote,
    ],
  )
  group(program, 'operation', 'durable work', cli, [
    addOperationList,
    addOperationShow,
    addOperationWatch,
    addOperationCancel,
    addOperationResume,
  ])
  group(program, 'packages', "the fleet's package repository", cli, [
    addPackagesList,
    addPackagesExtensions,
    addPackagesFill,
    addPackagesAdd,
  ])
  group(program, 'import', 'fleet files from other tools', cli, [addImportPigsty])
  group(program, 'audit', 'who did what', cli, [addAuditList, addAuditVerify])
  addCompletion(program, cli)
  return program
}

function group(
  program: Command,
  name: string,
  summary: string,
  cli: Cli,
  verbs: readonly ((parent: Command, cli: Cli) => void)[],
): void {
  const parent = program.command(name).summary(summary).description(summary)
  for (const add of verbs) add(parent, cli)
}
