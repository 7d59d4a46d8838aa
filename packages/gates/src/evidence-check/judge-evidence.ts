import type { Finding } from '../gate/finding.js';
import type { EvidenceLink } from '../tasks/evidence-link.js';
import type { RunVerdict } from '../tasks/recorded-runs.js';

/** One link with all that is known of what it leads to. */
export interface GatheredEvidence {
  /** Relative to the root. */
  readonly document: string;
  readonly link: EvidenceLink;
  /** Whether the item that it belongs to is ticked; null where it belongs to none. */
  readonly isDone: boolean | null;
  readonly state: EvidenceState;
}

export type EvidenceState =
  | { readonly kind: 'invalid'; readonly reason: string; readonly isPlaceholder: boolean }
  | { readonly kind: 'missing'; readonly isRun: boolean }
  | { readonly kind: 'pattern' }
  | { readonly kind: 'there' }
  | { readonly kind: 'run'; readonly verdict: RunVerdict };

export interface EvidenceVerdict {
  readonly findings: readonly Finding[];
  readonly warnings: readonly string[];
}

/**
 * Holds what documents claim against what is there. A ticked item claims that the run succeeded unless the
 * document states another end; a link without an item claims only what it states. What an open item
 * links to is not claimed yet: it is warned of.
 */
export function judgeEvidence(gathered: readonly GatheredEvidence[]): EvidenceVerdict {
  const findings: Finding[] = [];
  const warnings: string[] = [];
  for (const evidence of gathered) {
    const broken = judgeOne(evidence);
    if (!broken) continue;
    if (isClaimed(evidence)) findings.push(broken);
    else warnings.push(`${broken.file ?? ''}:${broken.line ?? 1}: ${broken.message}.`);
  }
  return { findings, warnings };
}

/** What is wrong with one link; undefined where nothing is. */
export function judgeOne(evidence: GatheredEvidence): Finding | undefined {
  const { state, link } = evidence;
  const shown = JSON.stringify(link.target.slice(0, 300));
  switch (state.kind) {
    case 'there':
      return undefined;
    case 'pattern':
      return finding(evidence, 'evidence-invalid-path', `${shown} names no single file`);
    case 'invalid':
      return finding(
        evidence,
        'evidence-invalid-path',
        `${shown} cannot be evidence: ${state.reason}`,
      );
    case 'missing':
      return {
        ...finding(evidence, 'evidence-missing', `${shown} is not there`),
        fix: state.isRun ? keepRuns : null,
      };
    case 'run':
      return judgeRun(evidence, state.verdict, shown);
  }
}

const keepRuns =
  'Bring the folder of the run along (runs are no part of a clone that ignores them), or run again and link the new run with `codex-orchestrator task evidence`';

function judgeRun(
  evidence: GatheredEvidence,
  verdict: RunVerdict,
  shown: string,
): Finding | undefined {
  if (verdict.kind === 'unverified') {
    const message = `${shown} cannot be believed: ${verdict.reason}`;
    return finding(evidence, 'evidence-unverified', message);
  }
  const claimed = evidence.link.stated ?? (evidence.isDone === null ? undefined : 'succeeded');
  const { status } = verdict.run;
  if (claimed === undefined || status === claimed) return undefined;
  const message = `${shown} is given as a run that ${wordsFor(claimed)}, and its status is ${status}`;
  return finding(evidence, 'evidence-outcome', message);
}

function wordsFor(status: string): string {
  return status === 'succeeded' || status === 'failed' ? status : `is ${status}`;
}

/** Patterns are not followed, and a placeholder in prose is an example: neither says that anything was shown. */
function isClaimed({ isDone, state }: GatheredEvidence): boolean {
  if (state.kind === 'pattern' || isDone === false) return false;
  return isDone === true || !(state.kind === 'invalid' && state.isPlaceholder);
}

function finding({ document, link }: GatheredEvidence, rule: string, message: string): Finding {
  return { rule, file: document, line: link.line, message, fix: null };
}
