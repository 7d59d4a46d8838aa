import type { AgentAdapter } from './agent.js';
import { MessageReader } from './message-reader.js';
import { namesAny } from './names-any.js';

/** Arguments that say themselves what it may do. */
const approvalFlags = ['-y', '--yolo', '--approval-mode'];

/** `qwen -o stream-json`, with the prompt on its standard input. */
export const qwen: AgentAdapter = {
  name: 'qwen',
  program: 'qwen',
  createCall({ program = 'qwen', args }, { prompt, promptPath, readOnly }) {
    const approval = readOnly ? ['--approval-mode', 'default'] : ['--yolo'];
    return {
      command: [
        program,
        '-o',
        'stream-json',
        ...(namesAny(args, approvalFlags) ? [] : approval),
        ...args,
      ],
      stdin: prompt,
      env: { RLM_PROMPT_FILE: promptPath },
    };
  },
  // It counts cached tokens among those of its input.
  createReader: () => new MessageReader({ cachedBesideInput: false }),
};
