import type { Interruption } from '../interruption.js';
import { formatDuration } from './duration.js';
import { interruptionWords } from './interruption.js';
import { printable } from './printable.js';

interface ShownRun {
  readonly run_id: string;
  readonly task_id: string;
  readonly pipeline_id: string;
  readonly status: string;
  readonly duration_ms: number | null;
  readonly interruption: Interruption | null;
}

interface ShownProblem {
  readonly path: string;
  readonly reason: string;
}

/** Runs as a table for people, then what is known of the interrupted ones and what could not be read. */
export function renderRuns(
  runs: readonly ShownRun[],
  unreadable: readonly ShownProblem[],
  next: readonly string[],
): string[] {
  const rows = runs.map((run) => [
    run.run_id,
    run.status,
    run.duration_ms === null ? '-' : formatDuration(run.duration_ms),
    run.task_id,
    run.pipeline_id,
  ]);
  return [
    ...(rows.length === 0 ? ['No runs'] : align(rows)),
    ...runs.flatMap(renderInterruption),
    ...unreadable.map(({ path, reason }) => `Unreadable: ${path}: ${reason}`),
    ...(next.length === 0 ? [] : ['Next:', ...next.map((command) => `  ${command}`)]),
  ].map(printable);
}

function renderInterruption({ run_id: runId, interruption }: ShownRun): string[] {
  return interruption === null ? [] : [`Interrupted: ${runId} ${interruptionWords(interruption)}`];
}

function align(rows: readonly (readonly string[])[]): string[] {
  const header = ['RUN', 'STATUS', 'TIME', 'TASK', 'PIPELINE'];
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
