import { delimiter, isAbsolute, join } from 'node:path';

import { nodeFileSystem } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import { adapterOf } from './adapter-of.js';
import { agentNames } from './agent.js';
import type { AgentName } from './agent.js';

export interface FoundAgent {
  readonly name: Exclude<AgentName, 'command'>;
  /** Absolute path of the program. */
  readonly path: string;
}

/**
 * The agents whose programs are on the `PATH` of an environment, in the order of `agentNames`. It looks
 * for executable files and starts nothing. Relative folders of the `PATH` do not count: what lies in
 * them comes with the repository.
 */
export function findAgents(
  environment: Readonly<Record<string, string | undefined>>,
  fs: Pick<FileSystem, 'stat'> = nodeFileSystem,
): FoundAgent[] {
  const folders = (environment['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => isAbsolute(folder));
  const found: FoundAgent[] = [];
  for (const name of agentNames) {
    const { program } = adapterOf(name);
    if (name === 'command' || program === undefined) continue;
    const path = folders.map((folder) => join(folder, program)).find((file) => isProgram(file, fs));
    if (path !== undefined) found.push({ name, path });
  }
  return found;
}

function isProgram(path: string, fs: Pick<FileSystem, 'stat'>): boolean {
  try {
    const stats = fs.stat(path);
    return stats.isFile() && (stats.mode & 0o111) !== 0;
  } catch {
    return false;
  }
}
