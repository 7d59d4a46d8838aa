import { defineGrammar } from './command.js';
import { startGrammar, task } from './command-grammar.js';
import { listLoopExitCodes } from './loop-exit-codes.js';
import { loopFlags } from './rlm/loop-flags.js';

const { format, deadline, interactive, contain, detach, tag, parentRun, approvalPolicy } =
  startGrammar.flags;

export const rlmGrammar = defineGrammar({
  name: 'rlm',
  positionals: '[...goal]',
  summary: 'Have an agent work on a goal until its validators pass',
  details: [
    'The same as `start rlm`. The goal is all words together, else --goal, else RLM_GOAL.',
    'A repository with a pipeline `rlm` of its own runs that one.',
    `Exit codes of a verdict: ${listLoopExitCodes()}.`,
  ],
  flags: {
    ...loopFlags,
    task: {
      ...task,
      description:
        'Task that the run belongs to (else MCP_RUNNER_TASK_ID, else `rlm-` and the folder name)',
    },
    format,
    deadline,
    interactive,
    contain,
    detach,
    tag,
    parentRun,
    approvalPolicy,
  },
});
