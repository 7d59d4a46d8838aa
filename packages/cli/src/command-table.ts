import { defineCommand } from './command.js';
import type { CommandDefinition } from './command.js';
import {
  doctorGrammar,
  execGrammar,
  initGrammar,
  planGrammar,
  runsGrammar,
  selfCheckGrammar,
  startGrammar,
  statusGrammar,
} from './command-grammar.js';

/** Every command, in the order of the help; the code of each is loaded when it is called. */
export const commandTable: readonly CommandDefinition[] = [
  defineCommand(startGrammar, async () => (await import('./commands/start.js')).start),
  defineCommand(planGrammar, async () => (await import('./commands/plan.js')).plan),
  defineCommand(statusGrammar, async () => (await import('./commands/status.js')).status),
  defineCommand(runsGrammar, async () => (await import('./commands/runs.js')).runs),
  defineCommand(execGrammar, async () => (await import('./commands/exec.js')).exec),
  defineCommand(initGrammar, async () => (await import('./commands/init.js')).init),
  defineCommand(doctorGrammar, async () => (await import('./commands/doctor.js')).doctor),
  defineCommand(selfCheckGrammar, async () => (await import('./commands/self-check.js')).selfCheck),
];
