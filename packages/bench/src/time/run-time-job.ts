import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { createRandom } from '@codex-orchestrator/report/statistics';

import { createDatasets } from '../data/datasets.js';
import { codeOf, messageOf } from '../errors.js';
import { createContext } from '../guard/context.js';
import type { TimeGuard } from '../guard/guard.js';
import { loadGuard } from '../guard/load-guard.js';
import { measureRounds, shuffled } from './measure-rounds.js';
import type { PreparedSide } from './sampler.js';
import { stableJson } from './stable-json.js';
import type { TimeJob, TimeOutcome, TimeSide } from './time-job.js';

/** Does one job in this process: prepares all sides, compares their answers, measures in rounds. */
export async function runTimeJob(job: TimeJob): Promise<TimeOutcome> {
  const guard = await loadGuard(job.guardFile);
  if (guard.kind !== 'time') {
    return { outcome: 'failed', message: `"${job.guardFile}" is no guard of time` };
  }
  const sides: PreparedSide[] = [];
  const answers: { readonly side: string; readonly answer: string }[] = [];
  for (const [index, side] of shuffled(job.sides, createRandom(job.seed + 1)).entries()) {
    const prepared = await prepareSide(guard, job, { ...side, index });
    if ('outcome' in prepared) return prepared;
    sides.push(prepared.side);
    answers.push({ side: side.side, answer: prepared.answer });
  }
  const [first] = answers;
  const other = answers.find(({ answer }) => answer !== first?.answer);
  if (first !== undefined && other !== undefined) return answersDiffer(first, other);
  const { batch, rounds } = await measureRounds(sides, guard.sample, job);
  return { outcome: 'measured', batch, rounds };
}

async function prepareSide(
  guard: TimeGuard,
  job: TimeJob,
  { side, slot, extraShare, index }: TimeSide & { readonly index: number },
): Promise<{ readonly side: PreparedSide; readonly answer: string } | TimeOutcome> {
  const folder = join(job.folder, String(index));
  await mkdir(folder, { recursive: true });
  const data = createDatasets({ cacheDir: job.dataFolder });
  try {
    const state = await guard.prepare(createContext({ slot, folder, data }));
    const run = (): unknown => guard.run(state);
    const answer = await run();
    return { side: { side, run, extraShare }, answer: comparable(guard, answer) };
  } catch (error) {
    if (side !== 'candidate' && isMissingApi(error)) {
      return { outcome: 'new', message: `The base cannot do this: ${messageOf(error)}` };
    }
    return { outcome: 'failed', message: `The build "${side}" failed: ${describe(error)}` };
  }
}

/** A process prints times and ids: what must agree is how it ended. */
function comparable(guard: TimeGuard, answer: unknown): string {
  if (guard.sample !== 'process') return stableJson(answer);
  return stableJson((answer as { exitCode?: unknown } | undefined)?.exitCode);
}

/** The build has no such entry, or its entry no such function. */
function isMissingApi(error: unknown): boolean {
  return codeOf(error) === 'API_MISSING' || error instanceof TypeError;
}

interface Answer {
  readonly side: string;
  readonly answer: string;
}

function answersDiffer(first: Answer, other: Answer): TimeOutcome {
  const [left, right] = [first, other].map(
    ({ side, answer }) => `${side} ${answer.length > 120 ? `${answer.slice(0, 120)}…` : answer}`,
  );
  return { outcome: 'failed', message: `Answers differ: ${left ?? ''}, ${right ?? ''}` };
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
