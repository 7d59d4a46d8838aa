import { readString } from '@codex-orchestrator/core';
import type { Manifest } from '@codex-orchestrator/manifest';

import type { Format } from '../command.js';
import type { Io } from '../io.js';
import { printable, printableLine } from '../render/printable.js';
import { stageEndWords } from '../render/stage-words.js';
import { describeFailure } from '../run-answer.js';
import type { StageFailure } from '../run-answer.js';
import { appendSummary } from './append-summary.js';
import { GuardedStream } from './guarded-stream.js';
import { locateCause } from './locate-cause.js';
import { renderStepSummary } from './step-summary.js';
import { errorCommand } from './workflow-commands.js';

/** GitHub shows at most ten errors of a step. */
const mostAnnotations = 10;

export interface GitHubReportOptions {
  readonly io: Io;
  /** After text, annotations follow on stdout; other formats own their stdout. */
  readonly format: Format;
}

/**
 * Tells GitHub Actions of a finished run, when that is where it ran: an error for each failed stage, and
 * a summary of the step. Nothing of it changes the verdict.
 */
export function reportToGitHub(
  manifest: Manifest,
  root: string,
  { io, format }: GitHubReportOptions,
): void {
  const stream = format === 'text' ? io.stdout : io.stderr;
  if (!(stream instanceof GuardedStream)) return;
  const failures = manifest.commands
    .filter(({ status }) => status === 'failed')
    .map((stage) => describeFailure(stage, root));
  for (const failure of failures.slice(0, mostAnnotations)) stream.issue(annotate(failure, root));
  writeSummary(renderStepSummary(manifest, failures), io);
}

function annotate({ stage, rootCause }: StageFailure, root: string): string {
  const words = stageEndWords(stage);
  return errorCommand({
    title: printableLine(`Stage failed: ${stage.id}, ${words}`, 200),
    message: printable(rootCause ?? stage.last_lines.at(-1) ?? words),
    ...locateCause(rootCause, root),
  });
}

function writeSummary(markdown: string, { env, stderr }: Io): void {
  const path = readString(env, 'GITHUB_STEP_SUMMARY', undefined);
  const problem = path === undefined ? null : appendSummary(path, markdown);
  if (problem === null) return;
  const text = `cannot write the summary of the step: ${printable(problem)}`;
  stderr.write(`codex-orchestrator: warning: ${text}\n`);
}
