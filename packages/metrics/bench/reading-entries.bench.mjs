import { layoutWith } from './bench-history.mjs';

/** @type {import('@codex-orchestrator/bench').TimeGuard} */
export const guard = {
  kind: 'time',
  promise: 'Reading 250 realistic entries takes no more time than before.',
  async prepare(context) {
    const { readEntries } = await context.load('@codex-orchestrator/metrics');
    return { readEntries, layout: await layoutWith(context, { lines: 250 }) };
  },
  async run({ readEntries, layout }) {
    let entries = 0;
    let succeeded = 0;
    for await (const { entry } of readEntries(layout)) {
      entries += 1;
      if (entry.status === 'succeeded') succeeded += 1;
    }
    return { entries, succeeded };
  },
};
