import { countGate, makeRepository } from './plain-repository.mjs';

/** @type {import('@codex-orchestrator/bench').ExactGuard} */
export const guard = {
  kind: 'exact',
  promise:
    'Measuring a change starts as many processes as there are questions, and opens only what git does not know.',
  budget: { processes: 3, opens: 1, writes: 0 },
  async measure(context) {
    const root = context.folder;
    makeRepository(root, {
      committed: { 'src/one.ts': '1\n', 'src/two.ts': '2\n' },
      uncommitted: { 'src/one.ts': '1\n1\n', 'src/new.ts': 'new\n' },
    });
    const { result, counts } = await countGate(context, 'diff-budget', { root });
    if (result.facts.files !== 2) throw new Error(`Expected 2 files, got ${result.facts.files}`);
    return counts;
  },
};
