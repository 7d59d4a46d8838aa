import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { describeLoopEnd, loopOf } from '../src/experience/lesson-of-loop.js';
import { readAgentUsage } from '../src/metrics/read-usage.js';
import { toolMembers } from '../src/metrics/tool-stats.js';
import { iterationWords } from '../src/render/iteration-words.js';
import { loopStageWith } from './loop-stage.js';
import { manifestWith, stageWith } from './metrics-entry-manifest.js';

const layout = { commandsDir: '/nowhere', relative: (path: string) => path };

test('a loop counts under the name of its agent, from its record and not from its log', async () => {
  const stages = [
    loopStageWith({}, { log_path: '.runs/t/cli/r/commands/01-rlm.log', duration_ms: 5000 }),
    stageWith({ id: 'test', command: 'npm test', duration_ms: 100 }),
  ];
  const { usage, problems } = await readAgentUsage({ commands: stages }, layout);
  expect(problems).toStrictEqual([]);
  expect(toolMembers(stages, usage)).toMatchObject({
    token_total: 1234,
    cost_usd: 0.125,
    tool_calls: 2 + 7 + 1,
    tool_stats: [
      { tool: 'codex', tokens: 1234, cost_usd: 0.125, attempts: 2, latency_ms: 5000 },
      { tool: 'npm', attempts: 1 },
    ],
  });
});

test('a loop that came to no verdict counts nothing', async () => {
  const stages = [loopStageWith({}, { loop: null, status: 'interrupted' })];
  const { usage } = await readAgentUsage({ commands: stages }, layout);
  expect(toolMembers(stages, usage)).toMatchObject({ tool_calls: 0, tool_stats: [] });
});

test('the lesson of a loop is its goal, its verdict, and what failed last', async () => {
  await using rig = await createRig();
  const stage = loopStageWith({ verdict: 'max_iterations' });
  const run = manifestWith([stage], { status: 'failed' });
  expect(loopOf(run)).toMatchObject({ id: 'rlm' });
  expect(describeLoopEnd(run, stage, rig.root)).toBe(
    'agent loop max_iterations after 2 iterations',
  );
  await rig.write({
    '.runs/t/cli/r/rlm/state.json': {
      goal: `make the tests pass ${'really '.repeat(20)}`,
      iterations: [
        { validators: [{ name: 'lint', outcome: 'failed', exitCode: 1 }] },
        {
          agent: [{ role: 'agent', outcome: 'completed' }],
          validators: [
            { name: 'build', outcome: 'passed', exitCode: 0 },
            { name: 'npm-test', outcome: 'failed', exitCode: 3 },
          ],
        },
      ],
    },
  });
  expect(describeLoopEnd(run, stage, rig.root)).toBe(
    'Goal "make the tests pass really really really really really really really really…"; agent loop max_iterations after 2 iterations; last failure: validator npm-test, exit code 3',
  );
});

test.each([
  [{ completed: false, validators: [] }, 'the agent did not finish'],
  [{ completed: true, validators: [] }, 'done'],
  [{ completed: true, validators: [{ name: 'a', outcome: 'passed' }] }, 'passed'],
  [
    { completed: true, validators: [{ name: 'a\u001b[2J', outcome: 'failed', exitCode: 2 }] },
    'a failed with exit code 2',
  ],
  [{ validators: 'nonsense' }, 'done'],
])('an iteration with the facts %j is told of as "%s"', (facts, words) => {
  expect(iterationWords({ facts })).toBe(words);
});
