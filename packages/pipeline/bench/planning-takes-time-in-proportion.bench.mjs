import { readFileSync } from 'node:fs';

/** @type {import('@codex-orchestrator/bench').GrowthGuard} */
export const guard = {
  kind: 'growth',
  promise: 'Reading and planning a pipeline takes time in proportion to its stages.',
  cost: 'cpu',
  sizes: [100, 300, 1_000],
  exponent: 1,
  async prepare({ load, data }, stages) {
    const { parseConfig, planPipeline } = await load('@codex-orchestrator/pipeline');
    const { path } = await data.stages({ stages });
    return { parseConfig, planPipeline, text: readFileSync(path, 'utf8') };
  },
  measure({ parseConfig, planPipeline, text }) {
    const report = planPipeline(parseConfig(text, 'codex.orchestrator.json'), 'bench');
    if (!report.ok) throw new Error('Expected a plan');
    return undefined;
  },
};
