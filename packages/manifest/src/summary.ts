import type { GuardrailCounts, GuardrailStatus, Manifest, StageRecord } from './manifest.js';

const retryHint =
  'codex-orchestrator start diagnostics --approval-policy never --format json --no-interactive';
const skipPhrases = ['[spec-guard] skipped', 'spec-guard skipped', 'spec guard skipped'];

/** What identifies a stage as one that guards the repository. */
export type GuardrailCandidate = Pick<StageRecord, 'id' | 'title' | 'command'>;

/** Whether a stage is a spec guard, judged by its id, title and command. */
export function isGuardrailStage({ id, title, command }: GuardrailCandidate): boolean {
  const text = `${id} ${title} ${command ?? ''}`.toLowerCase();
  return text.includes('spec-guard') || text.includes('specguardrunner');
}

/** What the guard stages of a run came to. */
export function guardrailStatus(
  manifest: Pick<Manifest, 'commands' | 'guardrails_required'>,
  computedAt: string,
): GuardrailStatus {
  const counts = countGuardrails(manifest.commands);
  return {
    present: counts.succeeded > 0,
    recommendation: guardrailRecommendation(counts, manifest.guardrails_required),
    summary: guardrailSummary(counts, manifest.guardrails_required),
    computed_at: computedAt,
    counts,
  };
}

/**
 * The summary of a run that has ended: the notes, one sentence per failed stage and, where guards
 * exist or are required, what they came to, as the last line. Null when there is nothing to say.
 */
export function summaryText(manifest: Manifest, notes: readonly string[] = []): string | null {
  const failures = manifest.commands.filter((stage) => stage.status === 'failed');
  const lines = new Set([
    ...notes,
    ...failures.map(failureLine),
    ...overrideLines(manifest),
    ...guardrailLines(manifest),
  ]);
  return lines.size === 0 ? null : [...lines].join('\n');
}

/** One sentence about how a stage failed. */
export function failureLine(stage: StageRecord): string {
  const name = `Stage '${stage.title}'`;
  switch (stage.outcome) {
    case 'signalled':
      return `${name} was terminated by ${stage.signal ?? 'a signal'}.`;
    case 'timed-out':
      return `${name} timed out.`;
    case 'silent':
      return `${name} was stopped because it had gone silent.`;
    case 'cancelled':
      return `${name} was cancelled.`;
    case 'interrupted':
      return `${name} was running when its runner died.`;
    case 'spawn-failed':
      return `${name} could not be started.`;
    case 'child-run':
      return `${name} failed: its run ${stage.sub_run_id ?? ''} did not succeed.`;
    case 'loop-ended':
      return `${name} ended without success: ${stage.loop?.verdict ?? stage.reason ?? 'unknown'}.`;
    case 'gate-ended':
      return `${name} did not pass: ${describeGate(stage)}.`;
    case 'error':
      return `${name} failed: ${stage.reason ?? 'internal error'}.`;
    case 'exited':
    case null:
      return `${name} failed with exit code ${stage.exit_code ?? 'unknown'}.`;
  }
}

function describeGate({ gate, reason }: StageRecord): string {
  if (!gate) return reason ?? 'unknown';
  const { findings, outcome } = gate;
  if (outcome !== 'failed') return outcome.replaceAll('_', ' ');
  return findings === 1 ? '1 finding' : `${findings} findings`;
}

/** Whoever lets a gate through has said why, and whoever reads the run should know. */
function overrideLines({ commands }: Pick<Manifest, 'commands'>): string[] {
  return commands.flatMap(({ title, gate }) =>
    gate?.override == null ? [] : [`Stage '${title}' was overridden: ${gate.override}`],
  );
}

function guardrailLines({ guardrail_status: status, ...manifest }: Manifest): string[] {
  if (!status || (status.counts.total === 0 && !manifest.guardrails_required)) return [];
  return status.recommendation === null
    ? [status.summary]
    : [status.recommendation, status.summary];
}

function countGuardrails(stages: readonly StageRecord[]): GuardrailCounts {
  const counts = { total: 0, succeeded: 0, failed: 0, skipped: 0, other: 0 };
  for (const stage of stages) {
    if (!isGuardrailStage(stage)) continue;
    counts.total += 1;
    counts[guardrailOutcome(stage)] += 1;
  }
  return counts;
}

function guardrailOutcome(stage: StageRecord): 'succeeded' | 'failed' | 'skipped' | 'other' {
  if (stage.status === 'failed' || stage.status === 'skipped') return stage.status;
  if (stage.status !== 'succeeded') return 'other';
  if (stage.gate?.outcome === 'not_applicable') return 'skipped';
  const summary = (stage.summary ?? '').toLowerCase();
  return skipPhrases.some((phrase) => summary.includes(phrase)) ? 'skipped' : 'succeeded';
}

function guardrailRecommendation(counts: GuardrailCounts, required: boolean): string | null {
  if (counts.failed > 0) {
    return `Guardrail command failed; re-run "${retryHint}" to gather failure artifacts.`;
  }
  if (counts.total > 0 || !required) return null;
  return `Guardrail command missing; run "${retryHint}" to capture reviewer diagnostics.`;
}

function guardrailSummary(counts: GuardrailCounts, required: boolean): string {
  const { total, succeeded, failed, skipped, other } = counts;
  if (total === 0 && required) return 'Guardrails: spec-guard command not found.';
  if (total === 0) return 'Guardrails: spec-guard not configured for this pipeline.';
  if (failed > 0) return `Guardrails: spec-guard failed (${failed}/${total} failed).`;
  if (succeeded === total) return `Guardrails: spec-guard succeeded (${total} passed).`;
  if (skipped === total) return `Guardrails: spec-guard skipped (all ${total} skipped).`;
  const parts = [
    [succeeded, 'passed'],
    [skipped, 'skipped'],
    [other, 'pending'],
  ] as const;
  const text = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return `Guardrails: spec-guard partial (${text.join(', ')} of ${total}).`;
}
