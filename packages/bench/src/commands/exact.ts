import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { BenchError } from '../errors.js';
import { checkGuard } from '../exact/check-guard.js';
import { renderGuards } from '../exact/render-guards.js';
import { findGuards, guardName } from '../guard/find-guards.js';
import { exitCodeOf, exitCodes } from '../results/exit-code.js';
import { watchMachine } from '../results/machine.js';
import { resultSchemaId } from '../results/result.js';
import type { BenchResults, GuardResult } from '../results/result.js';
import { writeResults } from '../results/results-file.js';
import { createSlot, openSlot } from '../slot/create-slot.js';
import { findPackageFolders } from '../slot/package-folders.js';
import type { Slot } from '../slot/slot.js';

export interface ExactOptions {
  readonly project?: string;
  /** Name of the one guard that is checked. */
  readonly guard?: string;
  /** Folder of the workspace. @default the current folder */
  readonly root?: string;
  /** Slot that is checked instead of the workspace's build. */
  readonly from?: string;
  /** Exit code 3 where something is undecided. @default false */
  readonly strict?: boolean;
  /** @default the standard streams of this process */
  readonly output?: Output;
  /** What runs the guards. @default the built `child.js` of this package */
  readonly childProgram?: string | undefined;
}

export interface Output {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

/**
 * Checks the counts, growth and memory of a project and writes what was found, unless only one guard was
 * asked for: a result that lacks the others would pass for the whole. Resolves to the exit code.
 *
 * @throws BenchError `INVALID_OPTION`, `PROJECT_NOT_FOUND`, `BUILD_MISSING`, `NO_GUARDS`
 */
export async function run(options: ExactOptions): Promise<number> {
  const { project, output = processOutput(), strict = false } = options;
  if (project === undefined) {
    throw new BenchError('INVALID_OPTION', 'Expected `--project` to name a project');
  }
  const root = resolve(options.root ?? '.');
  const work = await realpath(await mkdtemp(join(tmpdir(), 'bench-')));
  try {
    const guardFiles = await chosenGuards(root, project, options.guard);
    const slot = await slotOf(root, project, { from: options.from, work });
    const { childProgram } = options;
    const results = await checkAll({ root, project, guardFiles, slot, output, childProgram });
    if (options.guard === undefined) await writeResults(root, results);
    if (results.guards.length === 0) {
      output.stderr(`"${project}" has guards of time only: \`bench time\` checks them\n`);
      return exitCodes.fine;
    }
    output.stdout(renderGuards(results.guards));
    return exitCodeOf(results.guards, { strict });
  } finally {
    await rm(work, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function chosenGuards(
  root: string,
  project: string,
  chosen: string | undefined,
): Promise<readonly string[]> {
  const all = await findGuards(join(root, 'packages', project));
  const guardFiles = all.filter((path) => chosen === undefined || guardName(path) === chosen);
  if (guardFiles.length > 0) return guardFiles;
  // Said by a better message where there is no such project.
  await findPackageFolders(root, project);
  throw noGuards(root, project, chosen);
}

async function slotOf(
  root: string,
  project: string,
  { from, work }: { readonly from: string | undefined; readonly work: string },
): Promise<Slot> {
  if (from === undefined) return createSlot({ root, project, folder: join(work, 'slot') });
  const names = (await findPackageFolders(root, project)).map(({ name }) => name);
  return openSlot(resolve(from), names);
}

interface CheckAll {
  readonly root: string;
  readonly project: string;
  readonly guardFiles: readonly string[];
  readonly slot: Slot;
  readonly output: Output;
  readonly childProgram: string | undefined;
}

async function checkAll({
  root,
  project,
  guardFiles,
  slot,
  output,
  childProgram,
}: CheckAll): Promise<BenchResults> {
  const startedMs = Date.now();
  const machine = await watchMachine();
  const guards: GuardResult[] = [];
  for (const guardFile of guardFiles) {
    const cacheDir = join(root, 'node_modules', '.cache', 'bench-data');
    const told = { project, guardFile, slot: slot.folder, cacheDir };
    const result = await checkGuard({ ...told, childProgram });
    if (result === undefined) continue;
    guards.push(result);
    output.stderr(`${result.verdict}  ${result.guard}\n`);
  }
  return {
    schema: resultSchemaId,
    part: 'exact',
    project,
    startedAt: new Date(startedMs).toISOString(),
    durationMs: Date.now() - startedMs,
    seed: 1,
    // Replayed from the task cache for any commit with the same files, so it names none.
    candidate: { commit: null, dirty: false, buildHash: slot.buildHash },
    base: null,
    machine: await machine(),
    controls: [],
    guards,
    notes: ['Counts, growth and memory are held against what is promised: there is no base.'],
  };
}

function noGuards(root: string, project: string, chosen?: string): BenchError {
  const what = chosen === undefined ? 'guards' : `a guard "${chosen}"`;
  const folder = join(root, 'packages', project, 'bench');
  return new BenchError('NO_GUARDS', `Expected ${what} in "${folder}", found none`, {
    path: folder,
  });
}

function processOutput(): Output {
  return {
    stdout: (text) => process.stdout.write(text),
    stderr: (text) => process.stderr.write(text),
  };
}
