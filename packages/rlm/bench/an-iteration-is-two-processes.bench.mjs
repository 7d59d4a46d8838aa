import { runPlainLoop } from './plain-loop.mjs';

const some = 2;
const more = 12;

/** @type {import('@codex-orchestrator/bench').ExactGuard} */
export const guard = {
  kind: 'exact',
  promise:
    'An iteration starts its agent and its validator and nothing else, and replaces prompt and state.',
  budget: { processes: 2, renames: 2, fsyncs: 0, opens: 6, writes: 4 },
  async measure(context) {
    const few = await countLoop(context, some);
    const many = await countLoop(context, more);
    const names = /** @type {const} */ (['processes', 'renames', 'fsyncs', 'opens', 'writes']);
    return Object.fromEntries(
      names.map((name) => [name, Math.round((many[name] - few[name]) / (more - some))]),
    );
  },
};

async function countLoop(context, iterations) {
  const { fs, counts } = context.countFiles();
  const name = `loop-${iterations}`;
  const { processes } = await runPlainLoop(context, { iterations, fs, name });
  return { ...counts(), processes };
}
