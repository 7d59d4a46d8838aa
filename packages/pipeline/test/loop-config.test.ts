import { expect, test } from 'vitest';

import { definitionHash } from '../src/definition-hash.js';
import { describePlan, formatProblem, parseConfig, planPipeline } from '../src/index.js';
import { command, pipeline, planFirst, subpipeline } from './run-rig.js';

type Json = Readonly<Record<string, unknown>>;

function loop(id: string, more: Json = {}): Json {
  return { kind: 'rlm', id, ...more };
}

/** What planning a pipeline with these stages says, without the place of the pipeline. */
function problemsOf(...stages: readonly Json[]): string[] {
  const text = JSON.stringify({ pipelines: [pipeline('p', ...stages)] });
  const planned = planPipeline(parseConfig(text, 'x.json'), 'p');
  const problems = planned.ok ? planned.value.warnings : planned.error;
  return problems.map((problem) =>
    formatProblem(problem, 'x').replace(/^x:1:\d+: pipelines\[0\]\.stages\[/, '['),
  );
}

const full = {
  goal: 'make the tests pass',
  agent: 'codex',
  program: 'bin/codex',
  agentArgs: ['-m', 'some model'],
  agentTemplate: 'agent {prompt_file}',
  agentSpeaks: 'claude',
  validators: ['npm test', ['npm', 'run', 'a b'], { name: 'lint', command: 'x', timeoutMs: 5 }],
  validatorTimeoutMs: 1000,
  roles: 'triad',
  subagents: true,
  maxIterations: 0,
  maxMinutes: 0.5,
  turnTimeoutMs: 0,
  silenceTimeoutMs: 2000,
  maxCostUsd: 0.01,
  maxTokens: 1,
  maxConsecutiveErrors: 1,
  maxOutputBytes: 1,
  stallAfter: 1,
  isolation: 'worktree',
  protect: ['test/**', '!test/x'],
  onTamper: 'refuse',
};

test('a loop needs a kind and an id, and what it says of itself is planned as it is', () => {
  const [bare] = planFirst([pipeline('p', loop('a'))]).stages;
  expect(bare).toEqual({
    kind: 'rlm',
    index: 1,
    id: 'a',
    title: 'a',
    needs: [],
    hints: {
      runnable: true,
      defaultTarget: false,
      aliases: [],
      executionMode: undefined,
      requiresCloud: false,
    },
    config: {},
    env: {},
    allowFailure: false,
  });
  const more = { ...full, title: 'A', env: { B: 2 }, allowFailure: true, plan: { aliases: ['x'] } };
  const [stage] = planFirst([pipeline('p', loop('a', more))]).stages;
  expect(stage).toMatchObject({ title: 'A', env: { B: '2' }, allowFailure: true });
  expect(stage.kind === 'rlm' && stage.config).toEqual(full);
  expect(problemsOf(loop('a', more))).toEqual([]);
});

test.each([
  [{ goal: '' }, 'goal: expected a text that is not empty, got an empty text'],
  [{ goal: 'x'.repeat(32_769) }, 'goal: expected a text of at most 32768 characters, got '],
  [{ agent: 'chatty' }, 'agent: expected "codex" or "claude" or "gemini" or '],
  [{ agentSpeaks: 'command' }, 'agentSpeaks: expected "codex" or '],
  [{ agentArgs: '-m x' }, 'agentArgs: expected a list, got "-m x"'],
  [{ validators: 'npm test' }, 'validators: expected "auto" or "none" or a list, got "npm test"'],
  [{ validators: [] }, 'validators: expected a list of at least 1, got an empty list'],
  [{ validators: [{ command: 'x', name: 'a/b' }] }, 'validators[0].name: expected a name of up to'],
  [{ validators: [{ command: '' }] }, 'validators[0].command: expected a text that is not empty'],
  [{ validators: [{ command: 'x', timeoutMs: 0 }] }, 'validators[0].timeoutMs: expected a number'],
  [{ roles: 'duo' }, 'roles: expected "single" or "triad", got "duo"'],
  [{ subagents: 'yes' }, 'subagents: expected true or false, got "yes"'],
  [{ maxIterations: -1 }, 'maxIterations: expected a number of at least 0, got -1'],
  [{ maxIterations: 1.5 }, 'maxIterations: expected a whole number, got 1.5'],
  [{ maxMinutes: -1 }, 'maxMinutes: expected a number of at least 0, got -1'],
  [{ maxCostUsd: 0 }, 'maxCostUsd: expected a number of more than 0, got 0'],
  [{ maxTokens: 0 }, 'maxTokens: expected a number of at least 1, got 0'],
  [{ stallAfter: '3' }, 'stallAfter: expected a number, got "3"'],
  [{ isolation: 'vm' }, 'isolation: expected "none" or "worktree", got "vm"'],
  [{ onTamper: 'ignore' }, 'onTamper: expected "report" or "refuse", got "ignore"'],
  [{ env: { A: null } }, 'env.A: expected a text or a number or true or false, got null'],
] as const)('%j is a problem of its member', (more, expected) => {
  const [problem = '', ...others] = problemsOf(loop('a', more));
  expect(others).toEqual([]);
  expect(problem.replace(/^\[0\]\./, '').slice(0, expected.length)).toBe(expected);
});

test('a misspelt member of a loop, and of a validator, is named with what was meant', () => {
  expect(
    problemsOf(loop('a', { maxIteration: 3, validators: [{ command: 'x', nam: 'y' }] })),
  ).toEqual([
    '[0].maxIteration: unknown key "maxIteration" has no effect; fix: did you mean "maxIterations"?',
    '[0].validators[0].nam: unknown key "nam" has no effect; fix: did you mean "name"?',
  ]);
});

test('protected files stay inside of the repository', () => {
  expect(problemsOf(loop('a', { protect: ['test', '../x', '/etc/**'] }))).toEqual([
    '[0].protect[1]: "../x" is outside of the repository',
    '[0].protect[2]: "/etc/**" is outside of the repository',
  ]);
});

test('two validators of one name are a problem, whatever its case', () => {
  const validators = [{ name: 'Lint', command: 'a' }, 'b', { name: 'lint', command: 'c' }];
  expect(problemsOf(loop('a', { validators }))).toEqual([
    '[0].validators[2].name: validator name "lint" is used twice; fix: rename one of them',
  ]);
});

test('a pipeline has one loop, its sets included, and each of its subpipelines another', () => {
  expect(problemsOf(loop('a'), command('b', 'true'), loop('c'))).toEqual([
    '[2]: a pipeline has one loop, and "c" comes after "a"; fix: put it into a pipeline of its own and run that as a subpipeline',
  ]);
  const config = {
    stageSets: { set: [loop('b')] },
    pipelines: [pipeline('p', loop('a'), { kind: 'stage-set', ref: 'set' })],
  };
  const planned = planPipeline(parseConfig(JSON.stringify(config), 'x.json'), 'p');
  expect(planned.ok ? [] : planned.error).toMatchObject([
    { code: 'LOOP_REPEATED', path: 'pipelines[0].stages[1]' },
  ]);
  const nested = planFirst([
    pipeline('p', loop('a'), subpipeline('s', 'q')),
    pipeline('q', loop('a')),
  ]);
  expect(nested.totalStages).toBe(3);
});

test('a loop can be needed, be a target and wait for others as any stage', () => {
  const plan = planFirst([
    pipeline('p', command('a', 'true'), loop('b', { needs: ['a'], plan: { defaultTarget: true } })),
  ]);
  expect(plan).toMatchObject({ order: 'graph', targetId: 'p:b' });
});

test('everything that a loop is configured with is part of its definition, names are not', () => {
  const hashOf = (more: Json): string =>
    definitionHash(planFirst([pipeline('p', loop('a', more))]).stages[0]);
  const hashes = Object.entries(full).map(([name, value]) => hashOf({ [name]: value }));
  const others = [hashOf({}), hashOf({ env: { A: '1' } }), hashOf({ allowFailure: true })];
  expect(new Set([...hashes, ...others]).size).toBe(Object.keys(full).length + 3);
  expect(hashOf({ title: 'X', plan: { aliases: ['y'] }, env: {} })).toBe(hashOf({}));
  const reversed = Object.fromEntries(Object.entries(full).reverse());
  expect(hashOf(reversed)).toBe(hashOf(full));
});

test('a loop is described with what is set, its goal in short and no value of a variable', () => {
  const plan = planFirst([
    pipeline('p', loop('a', { ...full, goal: 'x'.repeat(300), env: { TOKEN: 'secret' } })),
  ]);
  const { stages, plan: items } = describePlan(plan);
  expect(stages).toEqual([
    {
      index: 1,
      id: 'a',
      title: 'a',
      kind: 'rlm',
      goal: `${'x'.repeat(239)}…`,
      agent: 'codex',
      validators: [
        { name: null, command: 'npm test' },
        { name: null, command: "npm run 'a b'" },
        { name: 'lint', command: 'x' },
      ],
      roles: 'triad',
      isolation: 'worktree',
      limits: {
        validatorTimeoutMs: 1000,
        maxIterations: 0,
        maxMinutes: 0.5,
        turnTimeoutMs: 0,
        silenceTimeoutMs: 2000,
        maxCostUsd: 0.01,
        maxTokens: 1,
        maxConsecutiveErrors: 1,
        maxOutputBytes: 1,
        stallAfter: 1,
      },
      protect: ['test/**', '!test/x'],
      env: { TOKEN: '[hidden]' },
      allowFailure: false,
      needs: [],
    },
  ]);
  expect(items.items[0]?.metadata.stageKind).toBe('rlm');
  expect(describePlan(planFirst([pipeline('p', loop('a'))])).stages[0]).toMatchObject({
    goal: null,
    validators: null,
    limits: null,
    env: null,
  });
});
