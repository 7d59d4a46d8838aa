import { layoutWith } from './bench-history.mjs';

const bytesPerLine = 1_700;

/** @type {import('@codex-orchestrator/bench').MemoryGuard} */
export const guard = {
  kind: 'memory',
  promise:
    'Counting a history anew holds a chunk, the aggregates and some bytes per run, not its lines.',
  inputBytes: [15_000_000, 60_000_000],
  slope: 0.3,
  async prepare(context, bytes) {
    return layoutWith(context, { lines: Math.ceil(bytes / bytesPerLine) });
  },
  async consume({ load }, layout) {
    const { createMetricsLayout, rebuildAggregates } = await load('@codex-orchestrator/metrics');
    const { totals } = await rebuildAggregates(restored(layout, createMetricsLayout));
    if (!totals?.runs) throw new Error('Expected runs, none were counted');
  },
};

/** With its functions, which JSON does not keep. */
function restored(layout, createMetricsLayout) {
  const { taskId, taskDir, outMetricsDir } = layout;
  const [runsDir, outDir] = [`${taskDir}/..`, `${outMetricsDir}/../..`];
  return createMetricsLayout({ taskId, runsDir, outDir });
}
