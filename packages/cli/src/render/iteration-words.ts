import type { LoopIterationEvent } from '@codex-orchestrator/manifest';

import { printableLine } from './printable.js';

/** What came of an iteration of an agent loop, in some words; its facts may be anything. */
export function iterationWords({ facts }: Pick<LoopIterationEvent, 'facts'>): string {
  if (facts['completed'] === false) return 'the agent did not finish';
  const judged: unknown = facts['validators'];
  const validators = Array.isArray(judged) ? judged.filter(isRecord) : [];
  if (validators.length === 0) return 'done';
  const failed = validators.filter(({ outcome }) => outcome !== 'passed');
  return failed.length === 0 ? 'passed' : failed.map(failureWords).join(', ');
}

function failureWords({ name, outcome, exitCode }: Readonly<Record<string, unknown>>): string {
  const how = typeof exitCode === 'number' ? ` with exit code ${String(exitCode)}` : '';
  return printableLine(`${String(name)} ${String(outcome)}${how}`, 80);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
