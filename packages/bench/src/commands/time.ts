import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { buildBase } from '../base/build-base.js';
import type { BuiltBase } from '../base/build-base.js';
import { findBase } from '../base/find-base.js';
import type { BaseCommit, MissingBase } from '../base/find-base.js';
import type { Variables } from '../base/git.js';
import { hashBuild, identifyWorkspace } from '../base/identify-build.js';
import { BenchError, messageOf } from '../errors.js';
import { renderGuards } from '../exact/render-guards.js';
import { findGuards, guardName } from '../guard/find-guards.js';
import { loadGuard } from '../guard/load-guard.js';
import { exitCodeOf, exitCodes } from '../results/exit-code.js';
import { watchMachine } from '../results/machine.js';
import { resultSchemaId } from '../results/result.js';
import type { BenchResults, BuildIdentity, GuardResult } from '../results/result.js';
import { writeResults } from '../results/results-file.js';
import { checkTimes } from '../time/check-times.js';
import type { CheckedTimes, LoadedTimeGuard } from '../time/check-times.js';
import type { Layout } from '../time/layout.js';
import { readRecentControls, writeRecentControls } from '../time/recent-controls.js';
import { copySides } from '../time/sides.js';
import { makeWorkFolder } from '../time/work-folder.js';
import type { Output } from './exact.js';

export interface TimeOptions {
  readonly project?: string;
  /** Folder of the workspace. @default the current folder */
  readonly root?: string;
  /** What to compare with. @default NX_BASE, else where HEAD left the default branch */
  readonly base?: string | number;
  /** Exit code 0 without a base even where the variable CI is set. @default false */
  readonly allowMissingBase?: boolean;
  /** Exit code 3 where something is undecided. @default false */
  readonly strict?: boolean;
  /** All orders and intervals are drawn from it. @default drawn anew */
  readonly seed?: number;
  /** @default the environment of this process */
  readonly env?: Variables;
  /** @default the standard streams of this process */
  readonly output?: Output;
  /** Less than the usual amount of work, for tests of the gate. */
  readonly layout?: Partial<Layout>;
  /** @default the built `time-child.js` of this package */
  readonly childProgram?: string;
  /** Of each process that measures. @default 180 000 */
  readonly timeoutMs?: number;
}

/**
 * Compares the processor time of the build at hand with that of its base and writes what was found.
 * Resolves to the exit code. A project without guards of time has nothing to compare, which is fine.
 *
 * @throws BenchError `INVALID_OPTION`, `PROJECT_NOT_FOUND`, `BUILD_MISSING`
 */
export async function run(options: TimeOptions): Promise<number> {
  const { project, output = processOutput(), env = process.env } = options;
  if (project === undefined) {
    throw new BenchError('INVALID_OPTION', 'Expected `--project` to name a project');
  }
  if (options.seed !== undefined && !Number.isSafeInteger(options.seed)) {
    throw new BenchError('INVALID_OPTION', `Expected a whole number as \`--seed\``);
  }
  const root = resolve(options.root ?? '.');
  const work = await makeWorkFolder();
  try {
    const seed = options.seed ?? Math.floor(Math.random() * 2 ** 32);
    const isRepeat = options.seed !== undefined;
    const job = { ...options, project, output, env, root, work, seed, isRepeat };
    const { results, missing } = await compare(job);
    await writeResults(root, results);
    for (const note of results.notes) output.stderr(`${note}\n`);
    if (results.guards.length > 0) output.stdout(renderGuards(results.guards));
    return exitCode(results, missing, job);
  } finally {
    await rm(work, { recursive: true, force: true, maxRetries: 3 });
  }
}

type Job = TimeOptions & {
  readonly project: string;
  readonly root: string;
  readonly work: string;
  readonly seed: number;
  readonly isRepeat: boolean;
  readonly env: Variables;
  readonly output: Output;
};

interface Compared {
  readonly results: BenchResults;
  readonly missing: MissingBase | undefined;
}

type Found = CheckedTimes & {
  readonly base?: BuildIdentity;
  readonly missing?: MissingBase;
  readonly notes: readonly string[];
};

async function compare(job: Job): Promise<Compared> {
  const { root, project, env, seed } = job;
  const startedMs = Date.now();
  const machine = await watchMachine();
  const { guards, invalid } = await loadTimeGuards(root, project);
  const hash = await hashBuild({ root, project });
  const found = await judge(job, guards, hash);
  const results: BenchResults = {
    schema: resultSchemaId,
    part: 'time',
    project,
    startedAt: new Date(startedMs).toISOString(),
    durationMs: Date.now() - startedMs,
    seed,
    candidate: await identifyWorkspace(root, hash, env),
    base: found.base ?? null,
    machine: await machine(),
    controls: found.controls,
    guards: [...found.guards, ...invalid],
    notes: found.notes,
  };
  return { results, missing: found.missing };
}

async function loadTimeGuards(
  root: string,
  project: string,
): Promise<{ readonly guards: readonly LoadedTimeGuard[]; readonly invalid: GuardResult[] }> {
  const guards: LoadedTimeGuard[] = [];
  const invalid: GuardResult[] = [];
  for (const guardFile of await findGuards(join(root, 'packages', project))) {
    try {
      const guard = await loadGuard(guardFile);
      if (guard.kind === 'time') guards.push({ guardFile, guard });
    } catch (error) {
      const unknown = 'unknown: the guard could not be loaded';
      invalid.push({
        ...{ guard: `${project}/${guardName(guardFile)}`, kind: 'time', promise: unknown },
        ...{ verdict: 'failed', reason: messageOf(error), measures: [] },
      });
    }
  }
  return { guards, invalid };
}

async function judge(job: Job, guards: readonly LoadedTimeGuard[], hash: string): Promise<Found> {
  const { root, project, env, output } = job;
  if (guards.length === 0) {
    return {
      ...nothing,
      notes: ['The project has no guards of time: there is nothing to compare.'],
    };
  }
  // A command line takes an id of digits alone for a number.
  const ref = job.base === undefined ? undefined : String(job.base);
  const commit = await findBase({ root, ref, env });
  if (!commit.ok) return withoutBase(job, guards, commit.error);
  const onProgress = (line: string): void => {
    output.stderr(`${line}\n`);
  };
  const built = await buildBase({ root, project, env, onProgress, commit: commit.value.commit });
  if (!built.ok) return withoutBase(job, guards, built.error);
  const notes = notesOn(commit.value, guards.length);
  const baseHash = await hashOfBase(built.value, project);
  const base = { commit: commit.value.commit, dirty: false, buildHash: baseHash ?? null };
  if (baseHash === hash) {
    const reason = 'both builds are the same files: nothing was measured';
    return { ...unmeasured(job, guards, { verdict: 'identical', reason }), base, notes };
  }
  // Who gives a seed wants the same once more, controls included.
  const recent = job.isRepeat ? undefined : await readRecentControls(root, Date.now());
  const checked = await measure(job, guards, { ...built.value, controls: recent?.controls ?? [] });
  if (recent === undefined) {
    const { controls } = checked;
    await writeRecentControls(root, { takenAtMs: Date.now(), controls });
    return { ...checked, base, notes };
  }
  const takenAt = new Date(recent.takenAtMs).toISOString();
  return { ...checked, base, notes: [...notes, `The controls were taken at ${takenAt}.`] };
}

const nothing: CheckedTimes = { guards: [], controls: [] };

async function hashOfBase(built: BuiltBase, project: string): Promise<string | undefined> {
  return built.hasProject ? hashBuild({ ...built, project }) : undefined;
}

async function measure(
  job: Job,
  guards: readonly LoadedTimeGuard[],
  {
    root: baseRoot,
    externalsRoot,
    hasProject,
    controls,
  }: BuiltBase & Pick<CheckedTimes, 'controls'>,
): Promise<CheckedTimes> {
  const { root, project, work, output } = job;
  const copies = await copySides({
    base: hasProject ? { root: baseRoot, project, externalsRoot } : undefined,
    candidate: { root, project },
    folder: join(work, 'builds'),
  });
  return checkTimes({
    ...{ project, guards, copies, hasBase: hasProject, seed: job.seed, layout: job.layout },
    controls,
    work: join(work, 'guards'),
    dataFolder: join(root, 'node_modules', '.cache', 'bench-data'),
    onProgress: (line) => {
      output.stderr(`${line}\n`);
    },
    ...(job.childProgram === undefined ? {} : { childProgram: job.childProgram }),
    ...(job.timeoutMs === undefined ? {} : { timeoutMs: job.timeoutMs }),
  });
}

function withoutBase(job: Job, guards: readonly LoadedTimeGuard[], missing: MissingBase): Found {
  const reason = `nothing to compare with: ${missing.message}`;
  const found = unmeasured(job, guards, { verdict: 'undecided', reason });
  return { ...found, missing, notes: [`No time was compared. ${missing.message}.`] };
}

function unmeasured(
  { project }: Job,
  guards: readonly LoadedTimeGuard[],
  finding: Pick<GuardResult, 'verdict' | 'reason'>,
): CheckedTimes {
  const results = guards.map(({ guardFile, guard: { kind, promise } }) => {
    const guard = `${project}/${guardName(guardFile)}`;
    return { guard, kind, promise, ...finding, measures: [] };
  });
  return { guards: results, controls: [] };
}

function notesOn({ commit, ref, head }: BaseCommit, guards: number): string[] {
  const notes = [`Compared with ${commit}, where HEAD and ${ref} have their last common commit.`];
  if (commit === head) {
    notes.push('HEAD itself is the base, so that only what is not committed yet is compared.');
  }
  const chance = `${guards} × 1 % × 1 %`;
  notes.push(
    `A slowdown counts when two batches of fresh processes find it at 99 % each: a false alarm in about ${chance} of runs, more where the noise of both batches has one cause.`,
  );
  return notes;
}

function exitCode(results: BenchResults, missing: MissingBase | undefined, job: Job): number {
  const { strict = false, allowMissingBase = false, env } = job;
  const isCi = !['', '0', 'false'].includes(env['CI'] ?? '');
  // A gate that did not run must not look like one that found nothing.
  if (missing !== undefined && isCi && !allowMissingBase) return exitCodes.unusable;
  return results.guards.length === 0 ? exitCodes.fine : exitCodeOf(results.guards, { strict });
}

function processOutput(): Output {
  return {
    stdout: (text) => process.stdout.write(text),
    stderr: (text) => process.stderr.write(text),
  };
}
