import { quoteArgv } from '@codex-orchestrator/exec';

import type { AgentAdapter, AgentName } from './agent.js';

const placeholder = '{prompt_file}';

/**
 * Any program: a template for the shell, or a program with arguments. It reads the prompt on its
 * standard input, unless its template names the file. It is `adapterOf` that knows who speaks how.
 */
export function commandAdapter(
  adapterOf: (name: Exclude<AgentName, 'command'>) => AgentAdapter,
): AgentAdapter {
  return {
    name: 'command',
    program: undefined,
    createCall({ program, args, template }, { prompt, promptPath }) {
      const env = { RLM_PROMPT_FILE: promptPath };
      if (template?.includes(placeholder)) {
        return { command: template.replaceAll(placeholder, () => quoteArgv([promptPath])), env };
      }
      if (template !== undefined) return { command: template, stdin: prompt, env };
      if (program !== undefined) return { command: [program, ...args], stdin: prompt, env };
      throw new Error('The agent `command` has no template that says what to run');
    },
    createReader: ({ speaks, ...settings }) =>
      speaks === undefined ? undefined : adapterOf(speaks).createReader(settings),
  };
}
