import { countGate, makeRepository } from './plain-repository.mjs';

/** @type {import('@codex-orchestrator/bench').ExactGuard} */
export const guard = {
  kind: 'exact',
  promise: 'Asking whether code changed with its spec reads each spec once, and no code.',
  budget: { processes: 4, opens: 1, writes: 0 },
  async measure(context) {
    const root = context.folder;
    makeRepository(root, {
      committed: { 'src/one.ts': '1\n', 'tasks/specs/one.md': 'last_review: 2026-01-01\n' },
      uncommitted: { 'src/one.ts': '1\n1\n', 'src/new.ts': 'new\n' },
    });
    const { result, counts } = await countGate(context, 'spec-guard', { root });
    if (result.facts.code_files !== 2) {
      throw new Error(`Expected 2 files of code, got ${result.facts.code_files}`);
    }
    return counts;
  },
};
