import { readForeignBoolean } from '@codex-orchestrator/core';

import type { Io } from './io.js';

/**
 * Variables that coding agents set for the commands they run. Only what an agent sets for itself is in
 * the list: names that a person's editor or terminal has too (`CURSOR_TRACE_ID`, `REPL_ID`) say nothing
 * about who reads. Agents that set none, such as Aider, can be given `AI_AGENT`.
 */
export const agentVariables = [
  'AI_AGENT',
  'CLAUDECODE',
  'CODEX_SANDBOX',
  'CODEX_SANDBOX_NETWORK_DISABLED',
  'CODEX_THREAD_ID',
  'COPILOT_AGENT',
  'COPILOT_CLI',
  'CURSOR_AGENT',
  'GEMINI_CLI',
  'OPENCODE',
] as const;

/** Whether a coding agent reads what is printed. A word for no in a variable means that it does not. */
export function isAgentEnvironment(env: Io['env']): boolean {
  return agentVariables.some((name) => readForeignBoolean(env, name));
}
