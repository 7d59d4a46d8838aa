import { readFileSync } from 'node:fs';

/** @type {import('@codex-orchestrator/bench').TimeGuard} */
export const guard = {
  kind: 'time',
  promise: 'Reading and planning a pipeline of 200 stages takes no more time than before.',
  async prepare({ load, data }) {
    const { describePlan, parseConfig, planPipeline } = await load('@codex-orchestrator/pipeline');
    const { path } = await data.stages({ stages: 200 });
    const text = readFileSync(path, 'utf8');
    return { describePlan, parseConfig, planPipeline, text };
  },
  run({ describePlan, parseConfig, planPipeline, text }) {
    const report = planPipeline(parseConfig(text, 'codex.orchestrator.json'), 'bench');
    return describePlan(report.value.plan);
  },
};
