import { checkHistory } from '@codex-orchestrator/metrics';
import type { HistoryFinding as Finding } from '@codex-orchestrator/metrics';

import type { RunCommand } from '../../command.js';
import { exitCodes } from '../../exit-codes.js';
import type { metricsDoctorGrammar } from '../../metrics-grammar.js';
import { renderHistoryCheck } from '../../render/metrics-doctor.js';
import type { HistoryCheckAnswer, HistoryFinding } from './answers.js';
import { findMetricsTask } from './metrics-task.js';
import type { MetricsTask } from './metrics-task.js';
import { describeTotals } from './update-answer.js';
import { workVisibly } from './visibly.js';

/** `metrics doctor`: what is wrong with the history and with what is counted; changes nothing. */
export const metricsDoctor: RunCommand<(typeof metricsDoctorGrammar)['flags']> = async (
  { flags },
  context,
) => {
  const { io, answer } = context;
  const task = findMetricsTask(flags.task, io);
  const end = await workVisibly(context, (visibly) => checkHistory(task.layout, visibly));
  if (end.kind === 'interrupted') {
    answer.give({ task_id: task.taskId, status: 'interrupted' }, () => ['Interrupted']);
    return end.exitCode;
  }
  const { totals } = end.value;
  const findings = end.value.findings.map((finding) => describeFinding(finding, task));
  const status = worstOf(findings);
  const result: HistoryCheckAnswer = {
    task_id: task.taskId,
    status,
    findings,
    totals: totals === null ? null : describeTotals(totals),
  };
  answer.give(result, () => renderHistoryCheck(result));
  return (status === 'error' ? exitCodes.failed : exitCodes.succeeded).code;
};

function describeFinding(
  { severity, code, path, offset, message, fix }: Finding,
  { relative, taskId }: MetricsTask,
): HistoryFinding {
  return {
    severity,
    code,
    path: relative(path),
    offset: offset ?? null,
    message,
    fix: fix === undefined ? null : withTask(fix, taskId),
  };
}

/** A command that is proposed means the task that was asked about. */
function withTask(fix: string, taskId: string): string {
  return fix.startsWith('codex-orchestrator metrics ') ? `${fix} --task ${taskId}` : fix;
}

function worstOf(findings: readonly HistoryFinding[]): HistoryCheckAnswer['status'] {
  const severities = new Set(findings.map(({ severity }) => severity));
  if (severities.has('error')) return 'error';
  return severities.has('warning') ? 'warning' : 'ok';
}
