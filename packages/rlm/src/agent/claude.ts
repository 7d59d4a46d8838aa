import type { AgentAdapter } from './agent.js';
import { MessageReader } from './message-reader.js';
import { namesAny } from './names-any.js';

/** Arguments that say themselves what it may do. */
const permissionFlags = [
  '--allowedTools',
  '--allowed-tools',
  '--disallowedTools',
  '--disallowed-tools',
  '--permission-mode',
  '--dangerously-skip-permissions',
];

/**
 * Nobody is there to be asked, so what is not allowed is denied. Skipping all permissions would be
 * refused for root, which is what it often is in a container.
 */
const working = [
  '--permission-mode',
  'acceptEdits',
  '--allowedTools',
  'Bash,Edit,NotebookEdit,Write',
];
const reading = ['--permission-mode', 'default', '--disallowedTools', 'Edit,NotebookEdit,Write'];

/** `claude -p`, with the prompt on its standard input: as an argument it could be too long. */
export const claude: AgentAdapter = {
  name: 'claude',
  program: 'claude',
  createCall({ program = 'claude', args }, { prompt, promptPath, readOnly }) {
    const permissions = namesAny(args, permissionFlags) ? [] : readOnly ? reading : working;
    const format = ['-p', '--output-format', 'stream-json', '--verbose'];
    return {
      command: [program, ...format, ...permissions, ...args],
      stdin: prompt,
      // Under an agent of the same kind it would take itself for a part of it.
      env: { RLM_PROMPT_FILE: promptPath, CLAUDECODE: '' },
    };
  },
  createReader: () => new MessageReader({ cachedBesideInput: true }),
};
