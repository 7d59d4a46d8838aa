import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { writeJsonAtomic } from '@codex-orchestrator/core';

import { createDatasets } from '../data/datasets.js';
import { BenchError, codeOf, messageOf } from '../errors.js';
import { createContext } from '../guard/context.js';
import { describeGuard } from '../guard/guard-description.js';
import { loadGuard } from '../guard/load-guard.js';
import type { ConsumeJob, JobAnswer, JobOutcome, MeasureJob } from './job.js';
import { measureGuard, peakBytes } from './measure-guard.js';
import type { OpenContext } from './measure-guard.js';

/**
 * The child's side of a job. The description is written before anything is measured, so that a guard that
 * takes its process down is still known by its promise.
 */
export async function runGuardJob(job: ConsumeJob | MeasureJob): Promise<void> {
  let known: JobAnswer = {};
  const outcome = await outcomeOf(async () => {
    const guard = await loadGuard(job.guardFile);
    known = { description: describeGuard(guard) };
    await answer(job, known);
    const open = contextsOf(job);
    if (job.task === 'measure') return measureGuard(guard, open);
    if (guard.kind !== 'memory') throw notMemory(job);
    await guard.consume(await open(), job.input);
    return peakBytes();
  });
  await answer(job, { ...known, outcome });
}

async function outcomeOf(run: () => Promise<unknown>): Promise<JobOutcome> {
  try {
    return { value: await run() };
  } catch (error) {
    const code = codeOf(error);
    return { error: { message: messageOf(error), ...(code === undefined ? {} : { code }) } };
  }
}

async function answer({ answerFile }: MeasureJob | ConsumeJob, value: JobAnswer): Promise<void> {
  await writeJsonAtomic(answerFile, value);
}

function contextsOf({ slot, folder, cacheDir }: MeasureJob | ConsumeJob): OpenContext {
  const data = createDatasets({ cacheDir });
  let opened = 0;
  return async () => {
    opened += 1;
    const fresh = join(folder, String(opened));
    await mkdir(fresh, { recursive: true });
    return createContext({ slot, folder: fresh, data });
  };
}

function notMemory({ guardFile }: ConsumeJob): BenchError {
  return new BenchError('GUARD_INVALID', `The guard in "${guardFile}" consumes nothing`, {
    path: guardFile,
  });
}
