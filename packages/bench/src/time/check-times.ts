import { join } from 'node:path';

import { guardName } from '../guard/find-guards.js';
import type { TimeGuard } from '../guard/guard.js';
import type { Control, GuardResult } from '../results/result.js';
import { checkTimeGuard } from './check-time-guard.js';
import type { TimeGuardOptions } from './check-time-guard.js';

export interface LoadedTimeGuard {
  readonly guardFile: string;
  readonly guard: TimeGuard;
}

export interface CheckTimesOptions extends Pick<
  TimeGuardOptions,
  | 'candidateShare'
  | 'childProgram'
  | 'copies'
  | 'dataFolder'
  | 'hasBase'
  | 'layout'
  | 'seed'
  | 'timeoutMs'
  | 'work'
> {
  readonly project: string;
  readonly guards: readonly LoadedTimeGuard[];
  /** Taken already; they need not be taken again. @default none */
  readonly controls?: readonly Control[];
  /** Hears what is going on, in words. */
  readonly onProgress: (line: string) => void;
}

export interface CheckedTimes {
  readonly guards: readonly GuardResult[];
  readonly controls: readonly Control[];
}

/**
 * Compares both builds by all guards of a project, one after the other. Unless they are taken already, the first that is measured carries
 * the controls; where these fail, no time of this job can be trusted and nothing is decided by it.
 */
export async function checkTimes(options: CheckTimesOptions): Promise<CheckedTimes> {
  const { project, guards, work, onProgress } = options;
  const results: GuardResult[] = [];
  let { controls = [] } = options;
  for (const [index, { guardFile, guard }] of callsFirst(guards).entries()) {
    const name = `${project}/${guardName(guardFile)}`;
    const startedMs = performance.now();
    const checked = await checkTimeGuard({
      ...options,
      ...{ guard: name, guardFile, promised: guard },
      work: join(work, String(index)),
      withControls: controls.length === 0,
    });
    results.push(checked.result);
    if (checked.controls.length > 0) controls = checked.controls;
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
    onProgress(`${checked.result.verdict}  ${name}  after ${seconds} s`);
  }
  results.sort((left, right) => (left.guard < right.guard ? -1 : 1));
  return { guards: results.map((result) => trusted(result, controls)), controls };
}

/** Programs that are started anew are the noisier carriers of controls. */
function callsFirst(guards: readonly LoadedTimeGuard[]): readonly LoadedTimeGuard[] {
  const isProcess = ({ guard }: LoadedTimeGuard): number => (guard.sample === 'process' ? 1 : 0);
  return [...guards].sort((left, right) => isProcess(left) - isProcess(right));
}

function trusted(result: GuardResult, controls: readonly Control[]): GuardResult {
  const failed = controls.filter(({ passed }) => !passed);
  if (failed.length === 0 || ['failed', 'new'].includes(result.verdict)) return result;
  const which = failed.map(({ name, reason }) => `${name} (${reason})`).join(', ');
  const reason = `the measurement cannot be trusted, as controls failed: ${which}; it read ${result.reason}`;
  return { ...result, verdict: 'undecided', reason };
}
