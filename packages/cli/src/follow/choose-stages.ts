import { closestName } from '@codex-orchestrator/core';
import type { Manifest, StageRecord } from '@codex-orchestrator/manifest';

import { CliError } from '../errors.js';

export interface StageChoice {
  /** Id or number of one stage. */
  readonly stage: string | undefined;
  /** All that failed. */
  readonly failed: boolean;
}

/**
 * The stages whose logs are asked for: the one that is named, all that failed, or the one to look at
 * first, which is the one that failed first, else the one that started last. None when none fits.
 *
 * @throws CliError `STAGE_NOT_FOUND`
 */
export function chooseStages(manifest: Manifest, { stage, failed }: StageChoice): StageRecord[] {
  const { commands } = manifest;
  if (stage !== undefined) return [findStage(manifest, stage)];
  const failures = commands
    .filter(({ status }) => status === 'failed')
    .sort((a, b) => compareTimes(a.completed_at, b.completed_at));
  if (failed) return failures;
  const started = commands
    .filter(({ started_at }) => started_at !== null)
    .sort((a, b) => compareTimes(a.started_at, b.started_at));
  const chosen = failures[0] ?? started.at(-1);
  return chosen === undefined ? [] : [chosen];
}

function findStage({ commands, run_id: runId }: Manifest, wanted: string): StageRecord {
  const found =
    commands.find(({ id }) => id === wanted) ??
    commands.find(({ index }) => String(index) === wanted);
  if (found !== undefined) return found;
  const ids = commands.map(({ id }) => id);
  const meant = closestName(wanted, ids);
  const hint = meant === undefined ? `Its stages: ${ids.join(', ')}` : `Did you mean \`${meant}\`?`;
  throw new CliError('STAGE_NOT_FOUND', `No stage \`${wanted}\` in the run ${runId}`, { hint });
}

function compareTimes(a: string | null, b: string | null): number {
  return (a ?? '').localeCompare(b ?? '');
}
