import { isAbsolute } from 'node:path';

import { readString, sha256Hex } from '@codex-orchestrator/core';

import { diffBudget } from '../diff-budget/diff-budget.js';
import { GateError } from '../errors.js';
import { reviewSeverities } from '../gate/gate-ports.js';
import type { GatePorts, Review } from '../gate/gate-ports.js';
import type { GateFacts, GateResult } from '../gate/gate-result.js';
import { shownPath } from '../tasks/recorded-runs.js';
import { buildReviewPrompt } from './build-review-prompt.js';
import type { ReviewEvidence, ReviewPrompt } from './build-review-prompt.js';
import { findManifest } from './find-manifest.js';
import { judgeReview } from './judge-review.js';
import { readReviewedChanges } from './read-reviewed-changes.js';
import type { ReadChanges } from './read-reviewed-changes.js';
import { readReviewedTask } from './read-reviewed-task.js';
import { changedPaths, readTreeState } from './read-tree-state.js';
import { readReviewSettings } from './review-settings.js';

/**
 * Has an agent review what changed, and passes where it found nothing that is severe enough. The diff budget
 * comes first, unless a stage of its own or nobody asks for it: a change that is over it is not reviewed. Whether
 * somebody sits at a terminal makes no difference.
 *
 * @throws GateError `INVALID_OPTION` without `NOTES` or without a run as evidence; `INVALID_BASE`,
 * `NOT_A_REPOSITORY`, `GIT_FAILED`, `INVALID_FILE`, `CANCELLED`
 */
export async function reviewGate(ports: GatePorts): Promise<GateResult> {
  const settings = readReviewSettings(ports);
  const taskId = ports.taskId ?? readString(ports.environment, 'TASK', undefined);
  const manifest = findManifest(ports, taskId);
  const budget = settings.asksBudget ? await diffBudget(ports) : undefined;
  if (budget?.passes === false) return stopAtBudget(budget);
  const changes = await readReviewedChanges(ports, settings.maxPromptBytes);
  const warnings = [...(budget?.warnings ?? changes.warnings)];
  if (changes.files.length === 0) return nothingToReview(changes, warnings);
  const { evidence, ownTask } = await readEvidence(ports, manifest, warnings);
  const task = readReviewedTask(ports, taskId ?? ownTask, (warning) => warnings.push(warning));
  const budgetOverride = budget?.override ?? null;
  const subject = { task, evidence, notes: settings.notes, budgetOverride, changes };
  const prompt = buildReviewPrompt(subject, settings.maxPromptBytes);
  const { review, changed } = await ask(ports, prompt.text, settings.timeoutMs);
  const { lines, ...judged } = judgeReview({ review, changed }, settings);
  return {
    gate: 'review',
    ...judged,
    lines: [...(budget?.lines ?? []), ...lines],
    facts: factsOf({ changes, evidence, prompt, review }),
    override: null,
    warnings: [...warnings, ...judged.warnings],
    written: (review.files ?? [])
      .map((path) => shownPath(ports.root, path))
      .filter((path) => !isAbsolute(path)),
  };
}

/** Asks for the review, and looks what the repository is like before and after it. */
async function ask(
  ports: GatePorts,
  prompt: string,
  timeoutMs: number,
): Promise<{ readonly review: Review; readonly changed: readonly string[] }> {
  const before = await readTreeState(ports);
  ports.tell(`Review: asking for it with a prompt of ${Buffer.byteLength(prompt)} bytes`);
  const review = await ports.review({ prompt, timeoutMs });
  if (ports.signal.aborted) {
    throw new GateError('CANCELLED', 'The review was ended before it came to a verdict', {
      cause: ports.signal.reason,
    });
  }
  return { review, changed: changedPaths(before, await readTreeState(ports)) };
}

async function readEvidence(
  ports: GatePorts,
  manifest: string,
  warnings: string[],
): Promise<{ readonly evidence: ReviewEvidence; readonly ownTask: string | undefined }> {
  const { isVerified, problem, run } = await ports.judgeRun(manifest);
  const isUnderWay = run?.status === 'in_progress';
  const doubt = isVerified ? null : (problem ?? 'its record and its journal do not agree');
  if (doubt !== null) {
    warnings.push(`The run that is the evidence cannot be believed: ${doubt}.`);
  }
  const evidence = {
    manifestPath: shownPath(ports.root, manifest),
    runId: run?.runId ?? null,
    pipelineId: run?.pipelineId ?? null,
    status: run?.status ?? null,
    isUnderWay,
    problem: doubt,
  };
  return { evidence, ownTask: run?.taskId };
}

function stopAtBudget(budget: GateResult): GateResult {
  const line = '❌ Review: not started, the change is over the diff budget';
  return { ...budget, gate: 'review', outcome: 'failed', lines: [...budget.lines, line] };
}

function nothingToReview({ base, from, scope }: ReadChanges, warnings: string[]): GateResult {
  return {
    gate: 'review',
    outcome: 'not_applicable',
    passes: true,
    findings: [],
    lines: [`⚠️ Review: nothing to review (${scope}: no file changed)`],
    facts: { base, from, files: 0 },
    override: null,
    warnings,
    written: [],
  };
}

interface ResultParts {
  readonly changes: ReadChanges;
  readonly evidence: ReviewEvidence;
  readonly prompt: ReviewPrompt;
  readonly review: Review;
}

function factsOf({ changes, evidence, prompt, review }: ResultParts): GateFacts {
  const { base, from, files } = changes;
  const findings = review.kind === 'reviewed' ? review.findings : [];
  const counts = reviewSeverities.map((severity): [string, number] => [
    severity,
    findings.filter((finding) => finding.severity === severity).length,
  ]);
  return {
    ...{ base, from, files: files.length },
    added: files.reduce((sum, file) => sum + file.added, 0),
    deleted: files.reduce((sum, file) => sum + file.deleted, 0),
    manifest: evidence.manifestPath,
    run_id: evidence.runId,
    agent: review.agent,
    verdict: review.kind === 'reviewed' ? (review.verdict ?? null) : null,
    severities: Object.fromEntries(counts),
    prompt_bytes: Buffer.byteLength(prompt.text),
    prompt_sha256: sha256Hex(prompt.text),
    cut_changes: prompt.cutPatches,
  };
}
