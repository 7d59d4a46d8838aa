import { expect, test } from 'vitest';

import { parseConfig, planPipeline } from '../src/index.js';
import type { Plan, PlanOptions, Problem } from '../src/index.js';

test('stages of a set stand in the place of its reference', () => {
  const plan = planned({
    stageSets: { checks: [command('lint'), command('test')] },
    pipelines: [
      pipeline('p', [command('build'), { kind: 'stage-set', ref: 'checks' }, command('pack')]),
    ],
  });
  expect(plan.stages.map(({ index, id }) => [index, id])).toEqual([
    [1, 'build'],
    [2, 'lint'],
    [3, 'test'],
    [4, 'pack'],
  ]);
});

test('every default is filled in', () => {
  const { stages, ...plan } = planned({ pipelines: [{ id: 'p', stages: [command('a')] }] });
  expect(plan).toEqual({
    pipeline: {
      id: 'p',
      title: 'p',
      description: undefined,
      tags: [],
      source: 'user',
      guardrailsRequired: undefined,
      metadata: {},
    },
    order: 'sequence',
    maxParallel: undefined,
    deadlineMs: undefined,
    targetId: 'p:a',
    totalStages: 1,
  });
  expect(stages).toEqual([
    {
      kind: 'command',
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
      command: 'true',
      workingFolder: { kind: 'inside-root', path: '.' },
      env: {},
      allowFailure: false,
      summaryHint: undefined,
      timeoutMs: undefined,
      silenceTimeoutMs: undefined,
      retries: { max: 0, backoffMs: 1000, factor: 2, exitCodes: undefined },
      inputs: [],
    },
  ]);
});

test('numbers and booleans in an environment become text', () => {
  const plan = planned({
    pipelines: [pipeline('p', [{ ...command('a'), env: { N: 1, B: true, S: '' } }])],
  });
  expect(plan.stages[0]).toMatchObject({ env: { N: '1', B: 'true', S: '' } });
});

test('without an id the default pipeline is planned', () => {
  const config = {
    defaultPipeline: 'q',
    pipelines: [pipeline('p', [command('a')]), pipeline('q', [command('b')])],
  };
  const result = planPipeline(catalogOf(config));
  expect(result.ok && result.value.plan.pipeline.id).toBe('q');
});

test('a default pipeline that is missing is a problem of its member', () => {
  const result = planPipeline(
    catalogOf({
      defaultPipeline: 'diagnostic',
      pipelines: [pipeline('diagnostics', [command('a')])],
    }),
  );
  expect(!result.ok && result.error).toEqual([
    {
      code: 'PIPELINE_NOT_FOUND',
      path: 'defaultPipeline',
      message: 'there is no pipeline "diagnostic"',
      fix: 'did you mean "diagnostics"?',
      position: { line: 2, column: 22 },
    },
  ]);
});

test('a default pipeline that is no name stands in the way only where it is asked for', () => {
  const catalog = catalogOf({ defaultPipeline: 5, pipelines: [pipeline('p', [command('a')])] });
  const byDefault = planPipeline(catalog);
  expect(!byDefault.ok && byDefault.error).toMatchObject([
    { code: 'INVALID_VALUE', path: 'defaultPipeline' },
  ]);
  const byName = planPipeline(catalog, 'p');
  expect(byName.ok && byName.value.warnings).toMatchObject([{ path: 'defaultPipeline' }]);
});

test('an unknown pipeline is answered with those there are', () => {
  const problems = problemsOf(
    { pipelines: [pipeline('a', [command('x')]), pipeline('b', [command('x')])] },
    'something',
  );
  expect(problems).toMatchObject([
    { code: 'PIPELINE_NOT_FOUND', path: '', fix: 'use one of "a", "b"' },
  ]);
});

test('a bad pipeline fails with its own problems when asked for', () => {
  const config = {
    pipelines: [pipeline('bad', [{ kind: 'command', id: 'a' }]), pipeline('good', [command('a')])],
  };
  expect(problemsOf(config, 'bad')).toMatchObject([
    { code: 'INVALID_VALUE', path: 'pipelines[0].stages[0].command' },
  ]);
  expect(planned(config, 'good').stages).toHaveLength(1);
});

test('an unknown stage set is answered with the nearest', () => {
  const config = {
    stageSets: { checks: [] },
    pipelines: [pipeline('p', [{ kind: 'stage-set', ref: 'cheks' }])],
  };
  expect(problemsOf(config)).toMatchObject([
    {
      code: 'STAGE_SET_NOT_FOUND',
      path: 'pipelines[0].stages[0].ref',
      fix: 'did you mean "checks"?',
    },
  ]);
});

test('a bad set spoils the pipelines that include it and no other', () => {
  const config = {
    stageSets: { bad: [{ kind: 'command', id: 'x' }], nested: [{ kind: 'stage-set', ref: 'bad' }] },
    pipelines: [
      pipeline('p', [
        { kind: 'stage-set', ref: 'bad' },
        { kind: 'stage-set', ref: 'nested' },
      ]),
      pipeline('q', [command('a')]),
    ],
  };
  expect(problemsOf(config, 'p').map(({ code, path }) => [code, path])).toEqual([
    ['INVALID_VALUE', 'stageSets.bad[0].command'],
    ['STAGE_SET_NESTED', 'stageSets.nested[0]'],
  ]);
  expect(planned(config, 'q').stages).toHaveLength(1);
});

test('a pipeline without stages is a problem, and so is one whose sets are empty', () => {
  const config = {
    stageSets: { none: [] },
    pipelines: [pipeline('p', []), pipeline('q', [{ kind: 'stage-set', ref: 'none' }])],
  };
  expect(problemsOf(config, 'p')).toMatchObject([
    { code: 'PIPELINE_EMPTY', path: 'pipelines[0].stages' },
  ]);
  expect(problemsOf(config, 'q')).toMatchObject([
    { code: 'PIPELINE_EMPTY', path: 'pipelines[1].stages' },
  ]);
});

test('two stages with one id are a problem that names both places', () => {
  const config = {
    stageSets: { s: [command('build')] },
    pipelines: [pipeline('p', [command('build'), { kind: 'stage-set', ref: 's' }])],
  };
  expect(problemsOf(config)).toMatchObject([
    {
      code: 'DUPLICATE_STAGE_ID',
      path: 'pipelines[0].stages[1]',
      message:
        'stage id "build" is used twice: by pipelines[0].stages[0] and by stageSets.s[0] (included by pipelines[0].stages[1])',
    },
  ]);
});

test('a set that is included twice repeats its ids', () => {
  const config = {
    stageSets: { s: [command('build')] },
    pipelines: [
      pipeline('p', [
        { kind: 'stage-set', ref: 's' },
        { kind: 'stage-set', ref: 's' },
      ]),
    ],
  };
  expect(problemsOf(config)).toMatchObject([
    { code: 'DUPLICATE_STAGE_ID', path: 'pipelines[0].stages[1]' },
  ]);
});

test('one stage with needs makes the pipeline a graph, an empty list too', () => {
  const needs = (...ids: string[]) => ({ needs: ids });
  const graph = planned({
    pipelines: [pipeline('p', [command('a'), { ...command('b'), ...needs('a', 'a') }])],
  });
  expect(graph.order).toBe('graph');
  expect(graph.stages.map((stage) => stage.needs)).toEqual([[], ['a']]);
  const free = planned({
    pipelines: [pipeline('p', [command('a'), { ...command('b'), ...needs() }])],
  });
  expect(free.order).toBe('graph');
});

test('every stage of a set waits for what the reference to the set needs', () => {
  const plan = planned({
    stageSets: { s: [command('lint'), { ...command('test'), needs: ['lint'] }] },
    pipelines: [
      pipeline('p', [command('build'), { kind: 'stage-set', ref: 's', needs: ['build'] }]),
    ],
  });
  expect(plan.stages.map(({ id, needs }) => [id, needs])).toEqual([
    ['build', []],
    ['lint', ['build']],
    ['test', ['lint', 'build']],
  ]);
});

test('needs may name stages that come later', () => {
  const plan = planned({
    pipelines: [pipeline('p', [{ ...command('a'), needs: ['b'] }, command('b')])],
  });
  expect(plan.stages.map(({ id, needs }) => [id, needs])).toEqual([
    ['a', ['b']],
    ['b', []],
  ]);
});

test('an unknown need is answered with the nearest stage', () => {
  const config = {
    pipelines: [
      pipeline('p', [command('build'), { ...command('test'), needs: ['biuld', 'deploy'] }]),
    ],
  };
  expect(problemsOf(config)).toMatchObject([
    { code: 'UNKNOWN_NEED', path: 'pipelines[0].stages[1].needs', fix: 'did you mean "build"?' },
    {
      code: 'UNKNOWN_NEED',
      message: 'stage "test" needs "deploy", which the pipeline does not have',
    },
  ]);
});

test('an unknown need of a reference to a set is a problem of the reference', () => {
  const config = {
    stageSets: { s: [command('a')] },
    pipelines: [pipeline('p', [{ kind: 'stage-set', ref: 's', needs: ['zzz'] }])],
  };
  expect(problemsOf(config)).toMatchObject([
    { code: 'UNKNOWN_NEED', path: 'pipelines[0].stages[0].needs' },
  ]);
});

test.each([
  [[['a', 'a']], '"a" → "a"'],
  [
    [
      ['a', 'b'],
      ['b', 'a'],
    ],
    '"a" → "b" → "a"',
  ],
  [
    [
      ['x', 'a'],
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'a'],
    ],
    '"a" → "b" → "c" → "a"',
  ],
])('stages that wait for each other are a problem: %j', (edges, cycle) => {
  const stages = edges.map(([id, need]) => ({ ...command(id ?? ''), needs: [need] }));
  expect(problemsOf({ pipelines: [pipeline('p', stages)] })).toMatchObject([
    { code: 'NEEDS_CYCLE', message: `stages wait for each other: ${cycle}` },
  ]);
});

test('a long chain of needs is no cycle', () => {
  const stages = Array.from({ length: 2000 }, (_, index) => ({
    ...command(`s${index}`),
    needs: index === 0 ? [] : [`s${index - 1}`],
  }));
  expect(planned({ pipelines: [pipeline('p', stages)] }).stages).toHaveLength(2000);
});

test('a subpipeline is planned with its own stages', () => {
  const plan = planned({
    pipelines: [
      pipeline('p', [command('a'), { ...subpipeline('sub', 'q'), optional: true }]),
      pipeline('q', [command('x'), command('y')]),
    ],
  });
  expect(plan.totalStages).toBe(4);
  expect(plan.stages[1]).toMatchObject({
    kind: 'subpipeline',
    optional: true,
    plan: { pipeline: { id: 'q' }, targetId: 'q:x', stages: [{ id: 'x' }, { id: 'y' }] },
  });
});

test('an unknown subpipeline is answered with the nearest', () => {
  const config = {
    pipelines: [pipeline('p', [subpipeline('s', 'qq')]), pipeline('q', [command('x')])],
  };
  expect(problemsOf(config)).toMatchObject([
    {
      code: 'PIPELINE_NOT_FOUND',
      path: 'pipelines[0].stages[0].pipeline',
      fix: 'did you mean "q"?',
    },
  ]);
});

test('problems of a subpipeline are problems of whoever runs it', () => {
  const config = {
    pipelines: [pipeline('p', [subpipeline('s', 'q'), subpipeline('t', 'q')]), pipeline('q', [])],
  };
  expect(problemsOf(config)).toMatchObject([
    { code: 'PIPELINE_EMPTY', path: 'pipelines[1].stages' },
  ]);
});

test.each([
  [{ p: ['p'] }, '"p" → "p"'],
  [{ p: ['q'], q: ['r'], r: ['q'] }, '"q" → "r" → "q"'],
])('pipelines that contain themselves are a problem: %j', (graph, cycle) => {
  const pipelines = Object.entries(graph).map(([id, children]) =>
    pipeline(
      id,
      children.map((child) => subpipeline(`to-${child}`, child)),
    ),
  );
  expect(problemsOf({ pipelines })).toMatchObject([
    { code: 'SUBPIPELINE_CYCLE', message: `pipelines contain themselves: ${cycle}` },
  ]);
});

test('subpipelines end at the depth limit', () => {
  const chain = (length: number) => ({
    pipelines: [
      ...Array.from({ length }, (_, index) =>
        pipeline(`p${index}`, [subpipeline('next', `p${index + 1}`)]),
      ),
      pipeline(`p${length}`, [command('end')]),
    ],
  });
  expect(planned(chain(16), 'p0').totalStages).toBe(17);
  expect(problemsOf(chain(17), 'p0')).toMatchObject([{ code: 'SUBPIPELINE_TOO_DEEP' }]);
  expect(problemsOf(chain(3), 'p0', { maxDepth: 2 })).toMatchObject([
    { code: 'SUBPIPELINE_TOO_DEEP' },
  ]);
});

test('a plan that multiplies itself is refused in no time', () => {
  const pipelines = Array.from({ length: 12 }, (_, level) =>
    pipeline(
      `p${level}`,
      level === 11
        ? [command('end')]
        : Array.from({ length: 10 }, (__, index) => subpipeline(`s${index}`, `p${level + 1}`)),
    ),
  );
  expect(problemsOf({ pipelines }, 'p0')).toMatchObject([{ code: 'PLAN_TOO_LARGE' }]);
});

test.each(['..', '../elsewhere', 'a/../../b', 'a\\..\\..\\b'])(
  'the folder %j is outside of the repository',
  (cwd) => {
    expect(problemsOf({ pipelines: [pipeline('p', [{ ...command('a'), cwd }])] })).toMatchObject([
      { code: 'CWD_ESCAPES_ROOT', path: 'pipelines[0].stages[0].cwd' },
    ]);
  },
);

test.each(['.', 'a/b', 'a/../b', './a', '..a'])(
  'the folder %j is inside of the repository',
  (cwd) => {
    const plan = planned({ pipelines: [pipeline('p', [{ ...command('a'), cwd }])] });
    expect(plan.stages[0]).toMatchObject({ workingFolder: { kind: 'inside-root', path: cwd } });
  },
);

test.each(['../a', '/a', '!../a', 'a/../../b/**'])(
  'inputs that %j names are refused where that leads out of the repository',
  (glob) => {
    const stage = { ...command('a'), inputs: ['src/**', glob] };
    expect(problemsOf({ pipelines: [pipeline('p', [stage])] })).toMatchObject([
      { code: 'INPUTS_ESCAPE_ROOT', path: 'pipelines[0].stages[0].inputs[1]' },
    ]);
  },
);

test('maxParallel without needs is worth a warning', () => {
  const result = planPipeline(
    catalogOf({ pipelines: [{ ...pipeline('p', [command('a')]), maxParallel: 3 }] }),
    'p',
  );
  expect(result.ok && result.value.warnings).toMatchObject([
    { code: 'NO_EFFECT', path: 'pipelines[0].maxParallel' },
  ]);
});

test('warnings of a plan are those of its pipelines and sets, each once', () => {
  const config = {
    stageSets: {
      s: [{ ...command('a'), comment: 'x' }],
      unused: [{ ...command('a'), comment: 'x' }],
    },
    pipelines: [
      { ...pipeline('p', [subpipeline('x', 'q'), subpipeline('y', 'q')]), color: 'red' },
      pipeline('q', [{ kind: 'stage-set', ref: 's' }]),
      { ...pipeline('other', [command('a')]), color: 'red' },
    ],
  };
  const result = planPipeline(catalogOf(config), 'p');
  expect(result.ok && result.value.warnings.map(({ path }) => path)).toEqual([
    'pipelines[0].color',
    'stageSets.s[0].comment',
  ]);
});

test.each([
  [undefined, 'p:build'],
  ['p:test', 'p:test'],
  ['test', 'p:test'],
  ['TEST', 'p:test'],
  ['unit', 'p:test'],
  ['other:Unit', 'p:test'],
  ['p:a:b', 'p:a:b'],
  ['a:b', 'p:a:b'],
])('the target %j is %j', (target, targetId) => {
  const stages = [
    command('build'),
    { ...command('test'), plan: { aliases: ['unit'] } },
    command('a:b'),
  ];
  const options = target === undefined ? {} : { target };
  expect(planned({ pipelines: [pipeline('p', stages)] }, 'p', options).targetId).toBe(targetId);
});

test('without a target the flagged stage is it, else the first that is runnable', () => {
  const skip = { ...command('a'), plan: { runnable: false } };
  const flagged = { ...command('c'), plan: { primary: true } };
  expect(planned({ pipelines: [pipeline('p', [skip, command('b'), flagged])] }).targetId).toBe(
    'p:c',
  );
  expect(planned({ pipelines: [pipeline('p', [skip, command('b')])] }).targetId).toBe('p:b');
  expect(planned({ pipelines: [pipeline('p', [skip])] }).targetId).toBe('p:a');
});

test('an unknown target is answered with the nearest stage', () => {
  const config = { pipelines: [pipeline('p', [command('build')])] };
  expect(problemsOf(config, 'p', { target: 'p:biuld' })).toMatchObject([
    { code: 'UNKNOWN_TARGET', fix: 'did you mean "build"?' },
  ]);
});

test.each([
  [{ executionMode: ' Cloud ' }, { executionMode: 'cloud', requiresCloud: true }],
  [{ execution_mode: 'mcp' }, { executionMode: 'mcp', requiresCloud: false }],
  [
    { mode: 'cloud', requires_cloud: false },
    { executionMode: 'cloud', requiresCloud: false },
  ],
  [{ requiresCloud: true }, { executionMode: undefined, requiresCloud: true }],
  [
    { mode: 'a', plan: { executionMode: 'b', requires_cloud: true } },
    { executionMode: 'b', requiresCloud: true },
  ],
])('the hints %j read as %j', (hints, expected) => {
  const plan = planned({ pipelines: [pipeline('p', [{ ...command('a'), ...hints }])] });
  expect(plan.stages[0].hints).toMatchObject(expected);
});

function command(id: string): Record<string, unknown> {
  return { kind: 'command', id, command: 'true' };
}

function subpipeline(id: string, target: string): Record<string, unknown> {
  return { kind: 'subpipeline', id, pipeline: target };
}

function pipeline(id: string, stages: readonly unknown[]): Record<string, unknown> {
  return { id, stages };
}

function catalogOf(config: unknown) {
  return parseConfig(JSON.stringify(config, null, 2), 'codex.orchestrator.json');
}

function planned(config: unknown, id = 'p', options: PlanOptions = {}): Plan {
  const result = planPipeline(catalogOf(config), id, options);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value.plan;
}

function problemsOf(config: unknown, id = 'p', options: PlanOptions = {}): readonly Problem[] {
  const result = planPipeline(catalogOf(config), id, options);
  if (result.ok) throw new Error('Expected problems, got a plan');
  return result.error;
}
