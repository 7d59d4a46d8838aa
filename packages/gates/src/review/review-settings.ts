import { readBoolean } from '@codex-orchestrator/core';

import { GateError } from '../errors.js';
import { reviewSeverities } from '../gate/gate-ports.js';
import type { GatePorts, ReviewSeverity } from '../gate/gate-ports.js';
import { minPromptBytes } from './build-review-prompt.js';

export interface ResolvedReviewSettings {
  readonly timeoutMs: number;
  readonly maxPromptBytes: number;
  readonly failOn: ReviewSeverity;
  readonly allowUnreviewed: boolean;
  readonly notes: string;
  /** Whether the diff budget is asked here, and not by a stage of its own or not at all. */
  readonly asksBudget: boolean;
}

/**
 * What a review goes by. With `DIFF_BUDGET_STAGE` or `SKIP_DIFF_BUDGET` the diff budget is left out.
 *
 * @throws GateError `INVALID_OPTION` without notes, and for a number that cannot be used
 * @throws CoreError `INVALID_ENVIRONMENT` where one of the two is a word for neither yes nor no
 */
export function readReviewSettings({
  settings,
  environment,
}: Pick<GatePorts, 'environment' | 'settings'>): ResolvedReviewSettings {
  const { review = {} } = settings;
  const isOn = (name: string): boolean => readBoolean(environment, name, false);
  const { timeoutMs = 900_000, maxPromptBytes = 131_072, failOn = 'medium' } = review;
  const notes = environment['NOTES']?.trim() ?? '';
  if (notes === '') {
    throw new GateError('INVALID_OPTION', 'Cannot review: NOTES is required, and it is not set', {
      hint: notesForm,
    });
  }
  expectAtLeast('timeoutMs', timeoutMs, 1);
  expectAtLeast('maxPromptBytes', maxPromptBytes, minPromptBytes);
  if (!reviewSeverities.includes(failOn)) {
    const message = `Expected gates.review.failOn to be one of ${reviewSeverities.join(', ')}, got ${JSON.stringify(failOn)}`;
    throw new GateError('INVALID_OPTION', message);
  }
  return {
    ...{ timeoutMs, maxPromptBytes, failOn, notes },
    allowUnreviewed: review.allowUnreviewed ?? false,
    asksBudget: !isOn('DIFF_BUDGET_STAGE') && !isOn('SKIP_DIFF_BUDGET'),
  };
}

const notesForm =
  'Set NOTES="Goal: … | Summary: … | Risks: … | Questions (optional): …" and review again';

function expectAtLeast(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  const message = `Expected gates.review.${name} to be a whole number of at least ${least}, got ${value}`;
  throw new GateError('INVALID_OPTION', message);
}
