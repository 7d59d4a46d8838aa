import { createManualClock } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';

import { call, onlyJson } from './call.js';
import type { CallOptions, CallResult } from './call.js';

export const logPath = 'out/t/experiences.jsonl';

type Members = Readonly<Record<string, unknown>>;

/** A line of the log; numbers count up from 1, and with them the days and the rewards. */
export function recordOf(number: number, members: Members = {}): Members {
  const day = String(number).padStart(2, '0');
  return {
    id: `exp-a${number}-00000000000${number}`,
    runId: `2026-01-${day}T00-00-00-000Z-0000000${number}`,
    taskId: 't',
    epoch: null,
    groupId: null,
    summary32: `Lesson ${words[number] ?? 'x'} about ${topics[number] ?? 'y'} in this repository`,
    reward: { gtScore: number / 10, relativeRank: 0 },
    toolStats: [],
    stampSignature: null,
    domain: 'build',
    createdAt: `2026-01-${day}T00:00:00.000Z`,
    manifestPath: null,
    ...members,
  };
}

const words = ['', 'first', 'second', 'third', 'fourth', 'fifth', 'sixth'];
const topics = ['', 'caches', 'generated clients', 'lock files', 'flaky tests', 'types', 'ports'];

export function linesOf(...records: readonly (Members | string)[]): string {
  return records
    .map((each) => `${typeof each === 'string' ? each : JSON.stringify(each)}\n`)
    .join('');
}

/** A week after the records. */
export const later = createManualClock(Date.parse('2026-01-12T00:00:00.000Z'));

export function experience(
  rig: Rig,
  argv: readonly string[],
  options: Partial<CallOptions> = {},
): Promise<CallResult> {
  const [verb = '', ...rest] = argv;
  const task = rest.includes('--all-tasks') ? [] : ['--task=t'];
  const all = ['experience', verb, ...task, ...rest];
  return call(all, { cwd: rig.root, clock: later, ...options });
}

/** The answer as JSON, whatever the exit code. */
export async function json(
  rig: Rig,
  argv: readonly string[],
  options: Partial<CallOptions> = {},
): Promise<Record<string, unknown>> {
  return onlyJson(await experience(rig, [...argv, '--format=json'], options));
}
