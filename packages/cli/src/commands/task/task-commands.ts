import { defineCommand } from '../../command.js';
import type { CommandDefinition } from '../../command.js';
import { taskEvidenceGrammar, taskNewGrammar, taskStatusGrammar } from '../../task-grammar.js';

/** The commands of the group `task`, in the order of the help. */
export function taskCommands(): CommandDefinition[] {
  return [
    defineCommand(taskNewGrammar, async () => (await import('./new.js')).taskNew),
    defineCommand(taskStatusGrammar, async () => (await import('./status.js')).taskStatus),
    defineCommand(taskEvidenceGrammar, async () => (await import('./evidence.js')).taskEvidence),
  ];
}
