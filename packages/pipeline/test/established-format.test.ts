import { readFile } from 'node:fs/promises';

import { expect, test } from 'vitest';

import { describePlan, parseConfig, planPipeline } from '../src/index.js';

const fixture = new URL('fixtures/established-format.json', import.meta.url);

test('a config in the established format loads without a word and plans every pipeline', async () => {
  const catalog = parseConfig(await readFile(fixture, 'utf8'), 'codex.orchestrator.json');
  expect([catalog.problems, catalog.warnings]).toEqual([[], []]);
  const plans = catalog.pipelines.map(({ id }) => {
    const planned = planPipeline(catalog, id);
    if (!planned.ok) throw new Error(JSON.stringify(planned.error));
    expect(planned.value.warnings).toEqual([]);
    return describePlan(planned.value.plan);
  });
  expect(
    plans.map(({ pipeline, stages, targetId }) => [
      pipeline.id,
      stages.map(({ id }) => id),
      targetId,
    ]),
  ).toEqual([
    ['diagnostics', ['build', 'test', 'spec-guard'], 'diagnostics:build'],
    ['advisory', ['review'], 'advisory:review'],
    ['release', ['checks', 'advice'], 'release:checks'],
  ]);
  expect(plans.map(({ order }) => order)).toEqual(['sequence', 'sequence', 'sequence']);
});
