import {
  countReadsByName,
  layoutWith,
  newEntry,
  standingClock as clock,
} from './bench-history.mjs';

const sampleBytes = 2 * 4_096 + 4 * 64;
const lineBytes = 138;
const indexBytes = 64 + 4_096;

/** @type {import('@codex-orchestrator/bench').ExactGuard} */
export const guard = {
  kind: 'exact',
  promise:
    'An update after one new line reads the line, samples and an index page; it replaces what changed.',
  /**
   * Samples are taken before and after the line is counted. Replaced are four documents and the
   * checkpoint, seven calls each; the lock is fourteen.
   */
  budget: {
    historyBytesRead: 2 * sampleBytes + lineBytes,
    indexBytesRead: indexBytes,
    renames: 5,
    opens: 14,
    fsyncs: 0,
    calls: 104,
  },
  async measure(context) {
    const { appendEntry, rebuildAggregates, updateAggregates } = await context.load(
      '@codex-orchestrator/metrics',
    );
    const layout = await layoutWith(context, { lines: 10_000, variant: 'compact' });
    await rebuildAggregates(layout, { clock });
    await appendEntry(layout, newEntry(1), { clock });
    const files = context.countFiles();
    const { fs, bytesRead } = countReadsByName(files.fs);
    const { outputsWritten, outcome } = await updateAggregates(layout, { fs, clock });
    if (outcome !== 'updated') throw new Error(`Expected an update, it was ${outcome}`);
    const { renames, opens, fsyncs, calls } = files.counts();
    return {
      historyBytesRead: bytesRead['metrics.json'],
      indexBytesRead: bytesRead['run-index-1.bin'],
      renames,
      opens,
      fsyncs,
      calls,
      documents: outputsWritten.length,
    };
  },
};
