import { readFileSync } from 'node:fs';

/**
 * What all who count a history must agree on.
 *
 * @typedef {object} Totals
 * @property {number} runs
 * @property {number} succeeded
 * @property {number[]} missing Of `instance_stats`, `privacy_events`, `control_plane_status`.
 * @property {number} meanSeconds
 * @property {number[]} learning Rejections, regressions, promoted, deprecated, candidates, alerts.
 * @property {[number, number, number, number, number, number][]} epochs Ascending: epoch, runs, calls,
 *   tokens, latency, mean size of a group.
 * @property {[number, string, number, number, number][]} tools By epoch and name: runs, tokens, latency.
 */

/**
 * Totals from the files that both this program and the npm program write.
 *
 * @param {import('@codex-orchestrator/metrics').MetricsLayout} layout
 * @returns {Totals}
 */
export function totalsOfFiles(layout) {
  const read = (path) => JSON.parse(readFileSync(path, 'utf8'));
  const { missing_counts: missing } = read(layout.completenessPath);
  const post = read(layout.postRolloutPath);
  const { safety, throughput, alerts } = read(layout.learningStatePath);
  const { epochs } = read(layout.perEpochPath);
  return {
    runs: post.total_runs,
    succeeded: post.succeeded_runs,
    missing: [missing.instance_stats, missing.privacy_events, missing.control_plane_status],
    meanSeconds: read(layout.mttrDeltaPath).current_mttr_seconds,
    learning: [
      safety.reviewer.rejections,
      safety.regression_detection.detected,
      safety.pattern_hygiene.promoted,
      safety.pattern_hygiene.deprecated,
      throughput.candidates,
      alerts.total,
    ],
    epochs: epochs.map((each) => [
      each.epoch,
      each.runs,
      each.tool_calls,
      each.token_total,
      each.latency_ms,
      each.group_size_avg,
    ]),
    tools: epochs.flatMap(({ epoch, tools }) =>
      tools
        .map((each) => [epoch, each.tool, each.runs, each.tokens, each.latency_ms])
        .sort(([, a], [, b]) => (a < b ? -1 : 1)),
    ),
  };
}

/**
 * Sums differ in their last digits with the order of their parts, so numbers agree when they are the
 * same to nine digits.
 *
 * @returns {string | undefined} Where the two differ first.
 */
export function firstDifference(one, other, at = 'totals') {
  if (typeof one === 'number' && typeof other === 'number') {
    const near = Math.abs(one - other) <= 1e-9 * Math.max(1, Math.abs(one));
    return near ? undefined : `${at}: ${one} and ${other}`;
  }
  if (typeof one !== 'object' || one === null || typeof other !== 'object' || other === null) {
    return one === other ? undefined : `${at}: ${one} and ${other}`;
  }
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  for (const key of keys) {
    const difference = firstDifference(one[key], other[key], `${at}.${key}`);
    if (difference) return difference;
  }
  return undefined;
}
