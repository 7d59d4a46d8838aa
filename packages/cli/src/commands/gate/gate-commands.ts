import { defineCommand } from '../../command.js';
import type { CommandDefinition } from '../../command.js';
import {
  allGatesGrammar,
  delegationGuardGrammar,
  diffBudgetGrammar,
  docsCheckGrammar,
  docsFreshnessGrammar,
  evidenceCheckGrammar,
  instructionStampsGrammar,
  reviewGrammar,
  specGuardGrammar,
  tasksSyncGrammar,
} from '../../gate-grammar.js';

/** The commands of the group `gate`, in the order of the help. */
export function gateCommands(): CommandDefinition[] {
  return [
    defineCommand(allGatesGrammar, async () => (await import('./all.js')).allGates),
    defineCommand(specGuardGrammar, async () => (await import('./one.js')).oneGate('spec-guard')),
    defineCommand(docsCheckGrammar, async () => (await import('./one.js')).oneGate('docs-check')),
    defineCommand(docsFreshnessGrammar, async () =>
      (await import('./one.js')).oneGate('docs-freshness'),
    ),
    defineCommand(diffBudgetGrammar, async () => (await import('./one.js')).oneGate('diff-budget')),
    defineCommand(delegationGuardGrammar, async () =>
      (await import('./one.js')).oneGate('delegation-guard'),
    ),
    defineCommand(reviewGrammar, async () => (await import('./one.js')).oneGate('review')),
    defineCommand(tasksSyncGrammar, async () => (await import('./one.js')).oneGate('tasks-sync')),
    defineCommand(evidenceCheckGrammar, async () =>
      (await import('./one.js')).oneGate('evidence-check'),
    ),
    defineCommand(instructionStampsGrammar, async () =>
      (await import('./one.js')).oneGate('instruction-stamps'),
    ),
  ];
}
