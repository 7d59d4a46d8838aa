import { resolve } from 'node:path';

import { recordResults } from '../history/bench-history.js';
import { exitCodes } from '../results/exit-code.js';
import { readResults } from '../results/results-file.js';
import { listOf } from './list-of.js';
import type { Output } from './exact.js';

export interface HistoryOptions {
  /** @default all projects with results */
  readonly project?: string | readonly string[];
  /** Folder of the workspace. @default the current folder */
  readonly root?: string;
  /** @default the standard streams of this process */
  readonly output?: Output;
}

/**
 * Adds the results of the gate to the history of the task `bench`, each once, so that
 * `codex-orchestrator metrics show --task bench` shows them. Resolves to the exit code.
 *
 * @throws BenchError `RESULT_MISSING`, `RESULT_UNREADABLE`, `HISTORY_WRITE_FAILED`
 */
export async function run({ project, root = '.', output }: HistoryOptions): Promise<number> {
  const folder = resolve(root);
  const results = await readResults(folder, listOf(project));
  const { appended, known } = await recordResults(folder, results, Date.now());
  const line = `${appended} results added to the history of the task bench, ${known} were in it\n`;
  if (output) output.stdout(line);
  else process.stdout.write(line);
  return exitCodes.fine;
}
