import { appendFileSync } from 'node:fs';

import { layoutWith, newEntry } from './bench-history.mjs';

/** @type {import('@codex-orchestrator/bench').TimeGuard} */
export const guard = {
  kind: 'time',
  promise: 'Bringing aggregates up to date after 100 new lines takes no more time than before.',
  async prepare(context) {
    const { encodeEntry, rebuildAggregates, updateAggregates } = await context.load(
      '@codex-orchestrator/metrics',
    );
    const layout = await layoutWith(context, { lines: 10_000, variant: 'compact' });
    await rebuildAggregates(layout);
    return { encodeEntry, updateAggregates, layout, next: 0 };
  },
  async run(state) {
    const { encodeEntry, updateAggregates, layout } = state;
    let lines = '';
    for (const end = state.next + 100; state.next < end; state.next += 1) {
      lines += `${encodeEntry(newEntry(state.next))}\n`;
    }
    appendFileSync(layout.historyPath, lines);
    const { outcome, entries, repeated } = await updateAggregates(layout);
    return { outcome, entries, repeated };
  },
};
