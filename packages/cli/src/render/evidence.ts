import type { MeasuredAnswer, MeasuredSideAnswer } from '../commands/evidence/measure-phase.js';
import type { EvidenceReportAnswer } from '../commands/evidence/report.js';
import { renderCompare } from './compare.js';
import { countOf, formatSeconds } from './metrics-numbers.js';
import type { Line } from './styled-line.js';

/** What was measured, for people. */
export function renderMeasured(answer: MeasuredAnswer): Line[] {
  const { outcome, path, phase, sides, task_id: taskId } = answer;
  const next = phase === 'baseline' ? 'post' : 'report';
  return [
    ...sides.map(sideLine),
    ...(path === null ? [] : [`Numbers: ${path}`]),
    outcome === 'interrupted'
      ? 'Interrupted: what was measured before is kept'
      : `Next: codex-orchestrator evidence ${next} --task ${taskId}`,
  ];
}

function sideLine({ role, runs, succeeded, median_ms: medianMs }: MeasuredSideAnswer): string {
  const name = role === 'base' ? 'Base' : 'Candidate';
  if (runs === 0) return `${name}: no run was measured`;
  const median = medianMs === null ? '' : `, median ${formatSeconds(medianMs / 1000)}`;
  return `${name}: ${countOf(runs, 'run')}, ${String(succeeded)} succeeded${median}`;
}

/** What the numbers come to, for people; records that are not what was measured come first. */
export function renderEvidenceReport(answer: EvidenceReportAnswer): Line[] {
  const { comparison, markdown, page, reason, verification } = answer;
  const problems = verification.flatMap(({ runId, problem, verdict }): Line[] =>
    problem === null ? [] : [[{ text: verdict, style: 'red' }, ` ${runId}: ${problem}`]],
  );
  const body =
    comparison === null ? [`Not judged: ${reason}`] : renderCompare(comparison, undefined);
  return [
    ...problems,
    ...body,
    '',
    `Records: ${String(verification.length - problems.length)} of ${countOf(verification.length, 'run')} are what was measured`,
    `Report: ${markdown}`,
    ...(page === null ? [] : [`Page: ${page}`]),
  ];
}
