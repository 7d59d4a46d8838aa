import type { VerificationAnswer, VerifiedRun } from '../commands/verify.js';
import type { FailedRun } from '../unreadable-run.js';
import { printable, printableLine } from './printable.js';

/** What `verify` found, for people: a line per run, below it each file that is not as it was. */
export function renderVerification({ runs, unreadable, verdict }: VerificationAnswer): string[] {
  const looked = runs.length + unreadable.length;
  return [
    ...runs.flatMap(renderRun),
    ...unreadable.map(renderUnreadable),
    `Verdict: ${verdict} (${looked === 1 ? '1 run' : `${looked} runs`})`,
  ].map(printable);
}

function renderRun(run: VerifiedRun): string[] {
  const { journal_lines: lines, files } = run.checked;
  const facts = [
    `${lines} journal lines`,
    `${files} files`,
    ...(run.sealed ? [] : ['not sealed']),
    ...(run.signature === 'absent' ? [] : [`signature ${run.signature}`]),
  ];
  return [
    `${run.run_id} ${run.verdict} (${facts.join(', ')})`,
    ...run.findings.map(
      (finding) => `  ${finding.code}: ${placeOf(finding)}: ${printableLine(finding.message, 400)}`,
    ),
    ...run.remarks.map((remark) => `  remark: ${remark}`),
  ];
}

function placeOf({ path, line, field }: VerifiedRun['findings'][number]): string {
  if (field !== undefined) return `${path}, \`${field}\``;
  return line === undefined ? path : `${path}:${line}`;
}

function renderUnreadable({ run_id: runId, path, code, message }: FailedRun): string {
  return `${runId ?? path} unreadable: ${printableLine(message, 400)} (${code})`;
}
