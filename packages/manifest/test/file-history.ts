import { appendLines, readFile } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import type { RunHistory } from '../src/index.js';

/** A history that is one file: a line for each time that an attempt was counted. */
export function fileHistory(path: string, fs: FileSystem): RunHistory {
  return {
    name: 'file',
    async add({ run_id, attempt }) {
      const line = lineOf(run_id, attempt);
      await appendLines(path, [line], { fs, durability: 'power', shared: false });
    },
    has(runId, attempt) {
      return new Promise((resolve) => {
        resolve(countedIn(path, fs).includes(lineOf(runId, attempt)));
      });
    },
  };
}

/** Every whole line, `<run id> <attempt>`; what was cut short is no line. */
export function countedIn(path: string, fs: FileSystem): string[] {
  try {
    return readFile(fs, path, 1024 * 1024)
      .toString('utf8')
      .split('\n')
      .slice(0, -1);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

function lineOf(runId: string, attempt: number): string {
  return `${runId} ${attempt}`;
}
