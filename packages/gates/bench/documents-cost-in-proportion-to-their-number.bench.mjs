import { countGate, makeRepository } from './plain-repository.mjs';

/** @type {import('@codex-orchestrator/bench').GrowthGuard} */
export const guard = {
  kind: 'growth',
  promise: 'What gates do about documents is in proportion to their number.',
  cost: 'counts',
  sizes: [10, 30, 100],
  exponent: 1,
  prepare(context, size) {
    const root = context.folder;
    const names = Array.from({ length: size }, (_, at) => at);
    const entries = names.map((name) => ({
      path: `docs/${name}.md`,
      owner: 'Bench',
      status: 'active',
      last_review: '2026-01-01',
      cadence_days: 30,
    }));
    makeRepository(root, {
      committed: {
        ...Object.fromEntries(names.map((name) => [`docs/${name}.md`, '[one](0.md#a)\n\n# A\n'])),
        'docs/docs-freshness-registry.json': JSON.stringify({ version: 1, entries }),
      },
    });
    return Promise.resolve({ context, root });
  },
  async measure({ context, root }) {
    const { result: checked, counts: check } = await countGate(context, 'docs-check', { root });
    const { result: fresh, counts } = await countGate(context, 'docs-freshness', { root });
    for (const { passes, lines } of [checked, fresh])
      if (!passes) throw new Error(lines.join('\n'));
    return { checkCalls: check.calls, checkBytes: check.bytesRead, freshCalls: counts.calls };
  },
};
