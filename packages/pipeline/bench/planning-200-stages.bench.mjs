import { readFileSync } from 'node:fs';

const times = 2;

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
    let planned;
    for (let time = 0; time < times; time += 1) {
      const report = planPipeline(parseConfig(text, 'codex.orchestrator.json'), 'bench');
      planned = describePlan(report.value.plan);
    }
    return planned;
  },
};
