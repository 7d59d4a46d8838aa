/** Members of entries in the order of the columns. Those that hold several values are written as JSON. */
export const csvColumns: readonly string[] = [
  ...['run_id', 'attempt', 'parent_run_id', 'task_id', 'pipeline_id', 'status'],
  ...['started_at', 'completed_at', 'recorded_at'],
  ...['duration_seconds', 'active_seconds', 'gap_seconds'],
  ...['commands_passed', 'commands_failed', 'stages', 'child_runs', 'handle_count'],
  ...['guardrails_present', 'control_plane_status', 'scheduler_mode', 'instance_stats'],
  ...['privacy_mode', 'privacy_event_count'],
  ...['tfgrpo_epoch', 'tfgrpo_group_id', 'tfgrpo_group_size'],
  ...['tool_calls', 'token_total', 'cost_usd', 'latency_ms', 'tool_stats'],
  ...['learning_validation_status', 'learning_snapshot_status', 'learning_scenario_status'],
  ...['learning_crystalizer_status', 'learning_alerts', 'learning_group_id'],
  ...['learning_review_rejections', 'learning_review_latency_ms', 'learning_regressions_detected'],
  ...['learning_pattern_promoted', 'learning_pattern_deprecated', 'learning_throughput_candidates'],
  ...['manifest_writes', 'manifest_bytes', 'wait_ms', 'machine', 'tool_version', 'artifact_path'],
  ...['commit', 'tags', 'journal_lines', 'fsyncs'],
];

/** The first line of a table of entries, as RFC 4180 has it: it ends with CRLF. */
export function csvHeader(columns: readonly string[] = csvColumns): string {
  return lineOf(columns.map(textCell));
}

/**
 * One entry as a line of a table, as RFC 4180 has it: it ends with CRLF. What is missing or null is an
 * empty cell. A text that a spreadsheet would take for a formula gets an apostrophe in front.
 */
export function csvRow(
  entry: Readonly<Record<string, unknown>>,
  columns: readonly string[] = csvColumns,
): string {
  return lineOf(
    columns.map((column) => (Object.hasOwn(entry, column) ? cellOf(entry[column]) : '')),
  );
}

function lineOf(cells: readonly string[]): string {
  return `${cells.join(',')}\r\n`;
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return textCell(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return textCell(jsonOf(value));
}

/** Empty for what is nested too deeply to be written. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return '';
  }
}

function textCell(text: string): string {
  const harmless = startsFormula(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) || harmless !== text
    ? `"${harmless.replaceAll('"', '""')}"`
    : harmless;
}

/** Spreadsheets skip white space and control characters at the beginning, and take wide signs too. */
function startsFormula(text: string): boolean {
  return /^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠|%]/u.test(text) || /^[\t\r\n]/.test(text);
}
