import type { EntryFacts } from '@codex-orchestrator/metrics';

import type { CommandInput } from '../../command.js';
import { usageError } from '../../errors.js';
import type { metricsExportGrammar } from '../../metrics-grammar.js';

type Flags = CommandInput<(typeof metricsExportGrammar)['flags']>['flags'];

/** Whether an entry is wanted. */
export type EntryFilter = (facts: EntryFacts) => boolean;

/**
 * The filter that the flags ask for. An entry whose time cannot be read is not known to be recent enough.
 *
 * @throws CliError `USAGE`
 */
export function entryFilter({ since, pipeline, status }: Flags): EntryFilter {
  const filters: EntryFilter[] = [];
  if (since !== undefined) {
    const sinceMs = readTime(since);
    filters.push(({ recordedAt }) => Date.parse(recordedAt) >= sinceMs);
  }
  if (pipeline !== undefined) filters.push(({ pipelineId }) => pipelineId === pipeline);
  if (status !== undefined) filters.push((facts) => facts.status === status);
  return (facts) => filters.every((accepts) => accepts(facts));
}

const timePattern =
  /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** Without a time of day, the day begins in UTC. */
function readTime(text: string): number {
  const timeMs = timePattern.test(text) ? Date.parse(text) : NaN;
  if (!Number.isNaN(timeMs)) return timeMs;
  throw usageError(
    `Expected \`--since <time>\` to be 2026-01-31 or 2026-01-31T12:00:00Z, got \`${text}\``,
  );
}
