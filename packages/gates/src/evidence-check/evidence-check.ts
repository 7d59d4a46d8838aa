import type { Finding } from '../gate/finding.js';
import type { GatePorts } from '../gate/gate-ports.js';
import type { GateResult } from '../gate/gate-result.js';
import { gatherEvidence } from './gather-evidence.js';
import { judgeEvidence } from './judge-evidence.js';

/** Documents that say what is done and what shows it. */
export const defaultEvidenceDocuments: readonly string[] = [
  'tasks/tasks-*.md',
  'docs/TASKS.md',
  '.agent/task/*.md',
];

/**
 * Whether what documents give as `Evidence:` holds: each run is there, its record can be believed, and it came
 * to the end that is claimed; each other file is there. A ticked item claims that its run succeeded, unless
 * `(failed)`, `(expected failure)` or `(status: <status>)` stands behind the link. Evidence of open
 * items is warned of and fails nothing.
 *
 * Runs that are not there are missing, whatever the reason: a clone that ignores the folder of runs has no
 * evidence of ticked items. A repository that links none is not judged.
 *
 * @throws GateError as git fails; `INVALID_OPTION` for a glob that is none
 */
export async function evidenceCheck(ports: GatePorts): Promise<GateResult> {
  const globs = ports.settings['evidence-check']?.documents ?? defaultEvidenceDocuments;
  const { documents, evidence, runs, findings: unread } = await gatherEvidence(ports, globs);
  const judged = judgeEvidence(evidence);
  const findings = [...unread, ...judged.findings];
  const counts = { documents, links: evidence.length, runs };
  const outcome = outcomeOf(findings, evidence.length);
  return {
    gate: 'evidence-check',
    outcome,
    passes: outcome !== 'failed',
    findings,
    lines: linesOf(outcome, findings, counts),
    facts: counts,
    override: null,
    warnings: judged.warnings,
    written: [],
  };
}

type EvidenceOutcome = 'failed' | 'not_applicable' | 'passed';

interface Counts {
  readonly documents: number;
  readonly links: number;
  readonly runs: number;
}

function outcomeOf(findings: readonly Finding[], links: number): EvidenceOutcome {
  if (findings.length > 0) return 'failed';
  return links === 0 ? 'not_applicable' : 'passed';
}

function linesOf(
  outcome: EvidenceOutcome,
  findings: readonly Finding[],
  { documents, links, runs }: Counts,
): string[] {
  switch (outcome) {
    case 'not_applicable':
      return [`Evidence check: not applicable (no evidence in ${documents} document(s)).`];
    case 'passed':
      return [`✅ Evidence check: OK (${links} link(s), ${runs} run(s), ${documents} document(s))`];
    case 'failed':
      return ['❌ Evidence check: issues detected', ...findings.map(lineOf)];
  }
}

function lineOf({ file, line, message, rule }: Finding): string {
  const place = line === null ? (file ?? '') : `${file ?? ''}:${line}`;
  return ` - ${place}: ${message} (${rule})`;
}
