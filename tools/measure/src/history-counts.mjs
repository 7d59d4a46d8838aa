/** Counts parsed entries in the plainest way: the first entry of a run counts. */
export function createCounts() {
  const seen = new Set();
  const epochs = new Map();
  const missing = [0, 0, 0];
  const learning = [0, 0, 0, 0, 0, 0];
  let succeeded = 0;
  let seconds = 0;
  let timed = 0;
  return {
    add(entry) {
      if (seen.has(entry.run_id)) return;
      seen.add(entry.run_id);
      if (entry.status === 'succeeded') succeeded += 1;
      if (!entry.instance_stats?.length) missing[0] += 1;
      if (!entry.privacy_events?.length) missing[1] += 1;
      if (!entry.control_plane_status || entry.control_plane_status === 'unknown') missing[2] += 1;
      if (typeof entry.duration_seconds === 'number') {
        seconds += entry.duration_seconds;
        timed += 1;
      }
      learning[0] += entry.learning_review_rejections ?? 0;
      learning[1] += entry.learning_regressions_detected ?? 0;
      learning[2] += entry.learning_pattern_promoted ?? 0;
      learning[3] += entry.learning_pattern_deprecated ?? 0;
      learning[4] += entry.learning_throughput_candidates ?? 0;
      learning[5] += entry.learning_alerts ?? 0;
      if (typeof entry.tfgrpo_epoch === 'number') addToEpoch(epochs, entry);
    },
    /** @returns {import('./history-totals.mjs').Totals} */
    totals() {
      const ascending = [...epochs].sort(([a], [b]) => a - b);
      return {
        runs: seen.size,
        succeeded,
        missing,
        meanSeconds: seconds / timed,
        learning,
        epochs: ascending.map(([epoch, { sums, groups }]) => [
          epoch,
          ...sums,
          groups.count > 0 ? groups.sum / groups.count : null,
        ]),
        tools: ascending.flatMap(([epoch, { tools }]) =>
          [...tools]
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([tool, sums]) => [epoch, tool, ...sums]),
        ),
      };
    },
  };
}

function addToEpoch(epochs, entry) {
  let epoch = epochs.get(entry.tfgrpo_epoch);
  if (!epoch) {
    epoch = { sums: [0, 0, 0, 0], groups: { count: 0, sum: 0 }, tools: new Map() };
    epochs.set(entry.tfgrpo_epoch, epoch);
  }
  const { sums, groups, tools } = epoch;
  sums[0] += 1;
  sums[1] += entry.tool_calls ?? 0;
  sums[2] += entry.token_total ?? 0;
  sums[3] += entry.latency_ms ?? 0;
  if (typeof entry.tfgrpo_group_size === 'number') {
    groups.count += 1;
    groups.sum += entry.tfgrpo_group_size;
  }
  for (const { tool, tokens, latency_ms: latencyMs } of entry.tool_stats ?? []) {
    const toolSums = tools.get(tool) ?? [0, 0, 0];
    toolSums[0] += 1;
    toolSums[1] += tokens ?? 0;
    toolSums[2] += latencyMs ?? 0;
    tools.set(tool, toolSums);
  }
}
