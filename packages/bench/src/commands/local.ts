import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';

import { Bench } from 'tinybench';

import { createDatasets } from '../data/datasets.js';
import { BenchError } from '../errors.js';
import { createContext } from '../guard/context.js';
import { guardName } from '../guard/find-guards.js';
import type { TimeGuard } from '../guard/guard.js';
import { loadGuard } from '../guard/load-guard.js';
import { createSlot } from '../slot/create-slot.js';
import { cpuTimestampProvider } from '../time/cpu-clock.js';
import type { Output } from './exact.js';

export interface LocalOptions {
  /** Path of the file of a guard of kind `time`. */
  readonly guardFile: string;
  /** Folder of the workspace. @default the current folder */
  readonly root?: string;
  /** Least processor time of all samples together, in milliseconds. @default 1000 */
  readonly timeMs?: number;
  /** @default the standard streams of this process */
  readonly output?: Output;
}

/**
 * Measures the build at hand alone by one guard, in this process, and prints the table of tinybench in
 * processor time: for working on something, not for judging it. Resolves to the exit code.
 *
 * @throws BenchError `INVALID_OPTION`, `GUARD_INVALID`, `GUARD_FAILED`, `BUILD_MISSING`
 */
export async function run(options: LocalOptions): Promise<number> {
  const guardFile = resolve(options.guardFile);
  const root = resolve(options.root ?? '.');
  const guard = await loadGuard(guardFile);
  if (guard.kind !== 'time') {
    const message = `Expected a guard of kind "time" in "${guardFile}", got "${guard.kind}"`;
    throw new BenchError('INVALID_OPTION', message, { path: guardFile });
  }
  const work = await realpath(await mkdtemp(join(tmpdir(), 'bench-')));
  try {
    const project = basename(dirname(dirname(guardFile)));
    const slot = await createSlot({ root, project, folder: join(work, 'slot') });
    const data = createDatasets({ cacheDir: join(root, 'node_modules', '.cache', 'bench-data') });
    const folder = await mkdtemp(join(work, 'folder-'));
    const state = await guard.prepare(createContext({ slot: slot.folder, folder, data }));
    const table = await measure(guard, state, { guardFile, timeMs: options.timeMs ?? 1000 });
    (options.output?.stdout ?? ((text) => process.stdout.write(text)))(table);
    return 0;
  } finally {
    await rm(work, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function measure(
  guard: TimeGuard,
  state: unknown,
  { guardFile, timeMs }: { readonly guardFile: string; readonly timeMs: number },
): Promise<string> {
  const name = guardName(guardFile);
  const bench = new Bench({ name, time: timeMs, timestampProvider: cpuTimestampProvider });
  bench.add(name, () => sampleOf(guard, state), { async: true });
  const saturated: string[] = [];
  bench.addEventListener('warning', ({ reason }) => saturated.push(reason ?? 'unknown'));
  const [task] = await bench.run();
  if (task?.result.state !== 'completed') {
    const cause = task?.result.state === 'errored' ? task.result.error : undefined;
    const message = `Measuring the guard "${name}" failed: ${cause?.message ?? 'no result'}`;
    throw new BenchError('GUARD_FAILED', message, { path: guardFile, cause });
  }
  const rows = bench.table().map((row) => Object.entries(row ?? {}));
  const lines = rows.flat().map(([column, value]) => `${column.padEnd(24)}  ${String(value)}`);
  for (const reason of saturated) lines.push(`One call is too short for the clock: ${reason}`);
  return `${lines.join('\n')}\n`;
}

async function sampleOf(guard: TimeGuard, state: unknown): Promise<unknown> {
  const answer = await guard.run(state);
  if (guard.sample !== 'process') return undefined;
  return { overriddenDuration: (answer as { readonly cpuMs: number }).cpuMs };
}
