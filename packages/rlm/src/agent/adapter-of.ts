import type { AgentAdapter, AgentName } from './agent.js';
import { claude } from './claude.js';
import { codex } from './codex.js';
import { commandAdapter } from './command.js';
import { gemini } from './gemini.js';
import { opencode } from './opencode.js';
import { qwen } from './qwen.js';

/** What is particular about an agent. */
export function adapterOf(name: AgentName): AgentAdapter {
  switch (name) {
    case 'codex':
      return codex;
    case 'claude':
      return claude;
    case 'gemini':
      return gemini;
    case 'qwen':
      return qwen;
    case 'opencode':
      return opencode;
    case 'command':
      return commandAdapter(adapterOf);
  }
}
