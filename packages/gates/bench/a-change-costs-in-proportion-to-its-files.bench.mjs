import { countGate, makeRepository } from './plain-repository.mjs';

/** @type {import('@codex-orchestrator/bench').GrowthGuard} */
export const guard = {
  kind: 'growth',
  promise: 'What gates do about a change is in proportion to its files.',
  cost: 'counts',
  sizes: [10, 30, 100],
  exponent: 1,
  prepare(context, size) {
    const root = context.folder;
    const names = Array.from({ length: size }, (_, at) => at);
    makeRepository(root, {
      committed: Object.fromEntries(
        names.map((name) => [`tasks/specs/${name}.md`, 'last_review: 2026-01-01\n']),
      ),
      uncommitted: Object.fromEntries(names.map((name) => [`src/${name}.ts`, 'new\n'])),
    });
    return Promise.resolve({ context, root });
  },
  async measure({ context, root }) {
    const { counts: budget } = await countGate(context, 'diff-budget', { root });
    const { counts: guarded } = await countGate(context, 'spec-guard', { root });
    return { budgetCalls: budget.calls, guardCalls: guarded.calls };
  },
};
