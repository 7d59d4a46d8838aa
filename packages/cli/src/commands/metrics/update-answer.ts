import type { HistoryTotals, UpdateReport } from '@codex-orchestrator/metrics';

import type { TotalsAnswer, UpdateAnswer } from './answers.js';
import type { MetricsTask } from './metrics-task.js';

export function describeUpdate(report: UpdateReport, task: MetricsTask): UpdateAnswer {
  const { pending } = report;
  return {
    task_id: task.taskId,
    outcome: report.outcome,
    rebuilt_because: report.rebuiltBecause,
    lines: report.lines,
    entries: report.entries,
    repeated: report.repeated,
    replaced: report.replaced,
    damaged_lines: report.damagedLines,
    damaged: report.damaged.map(({ segment, offset, byteLength, reason }) => ({
      segment,
      offset,
      bytes: byteLength,
      reason,
    })),
    bytes_read: report.bytesRead,
    outputs_written: report.outputsWritten.map(task.relative),
    rotated: report.rotated,
    pending: { merged: pending.merged, quarantined: pending.quarantined.map(task.relative) },
    totals: report.totals === null ? null : describeTotals(report.totals),
    duration_ms: Math.round(report.durationMs * 10) / 10,
  };
}

export function describeTotals(totals: HistoryTotals): TotalsAnswer {
  const { runs, lines, damagedLines, segments } = totals;
  return { runs, lines, damaged_lines: damagedLines, segments };
}
