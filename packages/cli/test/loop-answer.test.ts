import type { Manifest, StageRecord } from '@codex-orchestrator/manifest';
import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { renderAgentAnswer } from '../src/render/agent-answer.js';
import { renderRunAnswer } from '../src/render/run-answer.js';
import { describeRun } from '../src/run-answer.js';
import type { RunAnswer } from '../src/run-answer.js';
import { loopStageWith } from './loop-stage.js';
import { manifestWith, stageWith } from './metrics-entry-manifest.js';

function answerOf(
  stage: StageRecord,
  members: Partial<Manifest> = {},
  root = '/repository',
): RunAnswer {
  const status = stage.status === 'succeeded' ? 'succeeded' : 'failed';
  const manifest = manifestWith([stage], { status, pipeline_id: 'rlm', ...members });
  return describeRun(manifest, { root, cwd: root });
}

test.each([
  ['no_validator', 2],
  ['max_iterations', 3],
  ['max_minutes', 3],
  ['budget_exceeded', 3],
  ['validator_error', 4],
  ['invalid_config', 5],
  ['stalled', 6],
  ['blocked_on_human', 7],
  ['validator_tampered', 8],
  ['error', 10],
])('a run that failed at its loop with the verdict %s exits with %i', (verdict, exitCode) => {
  const answer = answerOf(loopStageWith({ verdict }, { exit_code: exitCode }));
  expect(answer.exit_code).toBe(exitCode);
  expect(answer.loop).toMatchObject({ verdict, stage: 'rlm' });
});

test.each([null, 0, 1, 9, 137])(
  'a loop without a verdict (exit code %j) counts as an error of the loop, never as 0',
  (exit_code) => {
    expect(answerOf(loopStageWith({}, { status: 'failed', exit_code })).exit_code).toBe(10);
  },
);

test('only a failure of the loop itself speaks for the run', () => {
  const loop = loopStageWith({ verdict: 'max_iterations' }, { exit_code: 3 });
  const passed = loopStageWith({}, { exit_code: 0 });
  const build = stageWith({ id: 'build', status: 'failed', exit_code: 7 });
  const codeOf = (stages: readonly StageRecord[], members: Partial<Manifest>): number =>
    describeRun(manifestWith(stages, members), { root: '/r', cwd: '/r' }).exit_code;
  expect(codeOf([passed, build], { status: 'failed' })).toBe(1);
  expect(codeOf([loop], { status: 'cancelled' })).toBe(130);
  expect(codeOf([loop], { status: 'timed_out' })).toBe(124);
  expect(codeOf([loop], { status: 'interrupted' })).toBe(75);
  expect(codeOf([passed], {})).toBe(0);
});

test('the answer says what the loop came to, in json and in text', () => {
  const stage = loopStageWith(
    { verdict: 'max_iterations', iterations: 3, branch: 'rlm/x', findings: 1 },
    { exit_code: 3 },
  );
  const answer = answerOf(stage);
  expect(answer.loop).toStrictEqual({
    stage: 'rlm',
    verdict: 'max_iterations',
    summary: 'max_iterations after 3 iterations: a reason',
    agent: 'codex',
    iterations: 3,
    best_iteration: 2,
    tokens: 1234,
    cost_usd: 0.125,
    findings: 1,
    branch: 'rlm/x',
    state: '.runs/t/cli/r/rlm/state.json',
  });
  expect(answer.root_cause).toBe(stage.summary);
  expect(renderRunAnswer(answer)).toStrictEqual(
    expect.arrayContaining([
      'Loop: max_iterations after 3 iterations: a reason',
      '  3 iterations (best: 2) with codex, 1,234 tokens, $0.13, 1 finding, branch rlm/x; .runs/t/cli/r/rlm/state.json',
    ]),
  );
});

test('for an agent it takes one line of the kilobyte', () => {
  const stage = loopStageWith({ agent: 'c'.repeat(2000), verdict: 'stalled' }, { exit_code: 6 });
  const lines = renderAgentAnswer(answerOf(stage), { root: '/r', cwd: '/r' });
  expect(Buffer.byteLength(lines.join('\n')) + 1).toBeLessThanOrEqual(1024);
  expect(lines[0]).toMatch(/^failed: .* exit code 6$/);
  expect(lines.filter((line) => line.startsWith('loop: stalled, 2 iterations'))).toHaveLength(1);
  expect(lines.join('\n')).toContain('cause: stalled after 2 iterations: a reason');
});

test('an answer without a loop has no member for one', () => {
  expect(answerOf(stageWith({ id: 'a' }))).not.toHaveProperty('loop');
});

async function nextOf(rig: Rig, verdict: string, state: object): Promise<string | undefined> {
  await rig.write({ '.runs/t/cli/r/rlm/state.json': state });
  return answerOf(loopStageWith({ verdict }, { exit_code: 3 }), {}, rig.root).next[0];
}

test('what to call next depends on the verdict', async () => {
  await using rig = await createRig();
  const resume = 'codex-orchestrator resume --run 2026-11-21T10-00-00-000Z-aaaaaaaaaaaa';
  const state = { goal: "make it fast, don't break it", maxMinutes: 30 };
  expect(await nextOf(rig, 'max_iterations', state)).toBe(`RLM_MAX_ITERATIONS=4 ${resume}`);
  expect(await nextOf(rig, 'max_minutes', state)).toBe(`RLM_MAX_MINUTES=60 ${resume}`);
  expect(await nextOf(rig, 'budget_exceeded', state)).toBe(
    `RLM_MAX_COST_USD=0.25 RLM_MAX_TOKENS=2468 ${resume}`,
  );
  expect(await nextOf(rig, 'error', state)).toBe(resume);
  expect(await nextOf(rig, 'no_validator', state)).toBe(
    `codex-orchestrator rlm --task t --validator '<command>' -- 'make it fast, don'\\''t break it'`,
  );
  expect(await nextOf(rig, 'invalid_config', state)).toMatch(/^codex-orchestrator show /);
});

test.each([
  ['no JSON', '{'],
  ['no object', 'null'],
  ['a goal that is no text', '{"goal": {}, "maxMinutes": "x"}'],
])('a state with %s costs the suggestion its goal, and nothing else', async (_name, text) => {
  await using rig = await createRig();
  await rig.write({ '.runs/t/cli/r/rlm/state.json': text });
  const stage = loopStageWith({ verdict: 'no_validator' }, { exit_code: 2 });
  expect(answerOf(stage, {}, rig.root).next[0]).toMatch(/ -- '<goal>'$/);
});
