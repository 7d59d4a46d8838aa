import { runPlainLoop } from './plain-loop.mjs';

/** @type {import('@codex-orchestrator/bench').MemoryGuard} */
export const guard = {
  kind: 'memory',
  promise: 'Memory does not depend on what an agent prints.',
  inputBytes: [40_000_000, 120_000_000],
  slope: 0.3,
  prepare(_context, bytes) {
    return Promise.resolve(bytes);
  },
  async consume(context, bytes) {
    const agent = `yes '{"type":"item.updated","item":{"text":"on and on and on"}}' | head -c ${bytes}`;
    await runPlainLoop(context, { iterations: 1, agent });
  },
};
