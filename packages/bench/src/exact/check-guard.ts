import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { BenchError, messageOf } from '../errors.js';
import { guardName } from '../guard/find-guards.js';
import type { GuardDescription } from '../guard/guard-description.js';
import type { GuardResult } from '../results/result.js';
import { checkExact } from './check-exact.js';
import { checkCountGrowth, checkCpuGrowth } from './check-growth.js';
import { checkMemory } from './check-memory.js';
import { failed } from './finding.js';
import type { Finding } from './finding.js';
import type { GuardJob, JobAnswer } from './job.js';
import { runChild } from './run-child.js';

export interface CheckGuardOptions {
  readonly project: string;
  readonly guardFile: string;
  /** Folder of the build under test. */
  readonly slot: string;
  /** Where data sets are kept. */
  readonly cacheDir: string;
  /** Of each child process. @default 120 000 */
  readonly timeoutMs?: number | undefined;
  /** Child processes per size of a memory guard. @default 3 */
  readonly childrenPerSize?: number;
  /** @default the built `child.js` of this package */
  readonly childProgram?: string | undefined;
}

/**
 * Checks one guard in processes of its own, so that one that crashes, hangs or floods costs itself only.
 * Never rejects for what a guard does: that is a result with the verdict `failed`. Undefined for a guard of
 * kind `time`, which is compared with a base instead.
 */
export async function checkGuard(options: CheckGuardOptions): Promise<GuardResult | undefined> {
  const work = await mkdtemp(join(tmpdir(), 'guard-'));
  try {
    const check = new GuardCheck(options, work);
    const finding = await check.run().catch((error: unknown) => failed(messageOf(error)));
    const { description } = check;
    if (description?.kind === 'time' && finding.verdict !== 'failed') return undefined;
    return {
      guard: `${options.project}/${guardName(options.guardFile)}`,
      kind: description?.kind ?? 'exact',
      promise: description?.promise ?? 'unknown: the guard could not be loaded',
      ...finding,
    };
  } finally {
    await rm(work, { recursive: true, force: true, maxRetries: 3 });
  }
}

class GuardCheck {
  /** As far as it is known. */
  description: GuardDescription | undefined;
  readonly #options: CheckGuardOptions;
  readonly #work: string;
  #children = 0;

  constructor(options: CheckGuardOptions, work: string) {
    this.#options = options;
    this.#work = work;
  }

  async run(): Promise<Finding> {
    const value = await this.#measured({ task: 'measure' });
    const { description } = this;
    if (description === undefined) return failed('the guard was not described');
    switch (description.kind) {
      case 'exact':
        return checkExact(description, value);
      case 'growth':
        return description.cost === 'counts'
          ? checkCountGrowth(description, value)
          : checkCpuGrowth(description, value);
      case 'memory':
        return checkMemory(description, await this.#peaks(description.inputBytes, value));
      case 'time':
        return { verdict: 'undecided', reason: 'compared with a base', measures: [] };
    }
  }

  /** Sizes in turns, so that what changes about the machine meanwhile meets all of them. */
  async #peaks(
    sizes: readonly number[],
    inputs: unknown,
  ): Promise<readonly (readonly (number | null)[])[]> {
    const perSize: (number | null)[][] = sizes.map(() => []);
    const { childrenPerSize = 3 } = this.#options;
    for (let turn = 0; turn < childrenPerSize; turn += 1) {
      for (const [index, peaks] of perSize.entries()) {
        const input = (inputs as readonly unknown[])[index];
        peaks.push((await this.#measured({ task: 'consume', input })) as number | null);
      }
    }
    return perSize;
  }

  async #measured(
    job: { readonly task: 'measure' } | { readonly task: 'consume'; readonly input: unknown },
  ): Promise<unknown> {
    this.#children += 1;
    const place = join(this.#work, String(this.#children));
    const folder = join(place, 'folder');
    const answerFile = join(place, 'answer.json');
    await mkdir(folder, { recursive: true });
    const { guardFile, slot, cacheDir, timeoutMs, childProgram } = this.#options;
    const told: GuardJob = { guardFile, slot, cacheDir, folder, answerFile };
    const jobFile = join(place, 'job.json');
    let died: unknown;
    await runChild(
      { ...job, ...told },
      { jobFile, folder, timeoutMs, program: childProgram },
    ).catch((error: unknown) => {
      died = error;
    });
    const answer = await readAnswer(answerFile);
    this.description ??= answer?.description;
    if (died !== undefined) throw died as Error;
    return valueOf(answer);
  }
}

async function readAnswer(path: string): Promise<JobAnswer | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as JobAnswer;
  } catch {
    return undefined;
  }
}

function valueOf(answer: JobAnswer | undefined): unknown {
  const outcome = answer?.outcome;
  if (outcome === undefined) {
    throw new BenchError('CHILD_FAILED', 'its process ended without an answer');
  }
  if ('error' in outcome) throw new BenchError('GUARD_FAILED', outcome.error.message);
  return outcome.value;
}
