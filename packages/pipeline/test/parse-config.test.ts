import { expect, test } from 'vitest';

import { formatProblem, parseConfig, PipelineError } from '../src/index.js';
import type { PipelineCatalog, Problem } from '../src/index.js';

const file = 'codex.orchestrator.json';

test('a minimal config needs ids, kinds and commands only', () => {
  const catalog = parse({
    pipelines: [{ id: 'check', stages: [{ kind: 'command', id: 'test', command: 'npm test' }] }],
  });
  expect(allProblems(catalog)).toEqual([]);
  expect(allWarnings(catalog)).toEqual([]);
  expect(catalog.defaultPipeline).toBe('diagnostics');
  expect(catalog.pipelines[0]?.definition?.stages).toHaveLength(1);
});

test('a byte order mark at the start is not a part of the JSON', () => {
  expect(parseConfig('\uFEFF{"pipelines": []}', file).pipelines).toEqual([]);
});

test('a syntax error names line, column and fix', () => {
  const error = catchError(() =>
    parseConfig('{\n  "pipelines": [\n    {"id": "a",}\n  ]\n}', file),
  );
  expect(error.code).toBe('INVALID_CONFIG');
  expect(lines(error.problems)).toEqual([
    'codex.orchestrator.json:3:16: expected a key in double quotes, but found "}"; fix: remove the comma before it',
  ]);
});

test.each([
  ['[]', 'codex.orchestrator.json: expected an object with "pipelines"'],
  [
    '{}',
    'codex.orchestrator.json:1:1: pipelines: is missing; fix: add "pipelines": a list of pipelines',
  ],
  [
    '{"pipelines": {}}',
    'codex.orchestrator.json:1:15: pipelines: expected a list of pipelines, got something else',
  ],
])('%s is no config', (text, line) => {
  const error = catchError(() => parseConfig(text, file));
  expect(error.code).toBe('INVALID_CONFIG');
  expect(lines(error.problems)[0]).toContain(line);
});

test('one bad pipeline leaves the others usable', () => {
  const good = { id: 'good', stages: [{ kind: 'command', id: 'a', command: 'true' }] };
  const catalog = parse({ pipelines: [{ id: 'bad', stages: 'none' }, good, null] });
  expect(catalog.pipelines.map(({ id, definition }) => [id, definition !== undefined])).toEqual([
    ['bad', false],
    ['good', true],
    [undefined, false],
  ]);
  expect(lines(allProblems(catalog))).toEqual([
    expect.stringContaining('pipelines[0].stages: expected a list, got "none"'),
    expect.stringContaining('pipelines[2]: expected an object, got null'),
  ]);
});

test.each([
  [{ kind: 'command', id: 'a' }, 'command: is missing; fix: add "command": a text or a list'],
  [{ kind: 'command', command: 'x' }, 'id: is missing; fix: add "id": a text'],
  [
    { id: 'a', command: 'x' },
    'kind: is missing; fix: add "kind": "command" or "subpipeline" or "rlm" or "gate" or "stage-set"',
  ],
  [
    { kind: 'comand', id: 'a' },
    'kind: expected "command" or "subpipeline" or "rlm" or "gate" or "stage-set", got "comand"',
  ],
  [
    { kind: 'command', id: '', command: 'x' },
    'id: expected a text that is not empty, got an empty text',
  ],
  [
    { kind: 'command', id: 'a', command: '' },
    'command: expected a text that is not empty, got an empty text',
  ],
  [{ kind: 'command', id: 'a', command: 7 }, 'command: expected a text or a list, got 7'],
  [{ kind: 'command', id: 'a', command: ['x', 7] }, 'command[1]: expected a text, got 7'],
  [{ kind: 'command', id: 'a', command: [] }, 'command[0]: is missing; fix: add a text'],
  [
    { kind: 'command', id: 'a', command: 'x', timeoutMs: 0 },
    'timeoutMs: expected a number of at least 1, got 0',
  ],
  [
    { kind: 'command', id: 'a', command: 'x', timeoutMs: 1.5 },
    'timeoutMs: expected a whole number, got 1.5',
  ],
  [
    { kind: 'command', id: 'a', command: 'x', timeoutMs: 2 ** 31 },
    'timeoutMs: expected a number of at most 2147483647, got 2147483648',
  ],
  [
    { kind: 'command', id: 'a', command: 'x', env: { A: null } },
    'env.A: expected a text or a number or true or false, got null',
  ],
  [
    { kind: 'command', id: 'a', command: 'x', env: [] },
    'env: expected an object, got an empty list',
  ],
  [{ kind: 'command', id: 'a', command: 'x', needs: 'b' }, 'needs: expected a list, got "b"'],
  [
    { kind: 'command', id: 'a', command: 'x', retries: -1 },
    'retries: expected a number of at least 0, got -1',
  ],
  [
    { kind: 'command', id: 'a', command: 'x', retries: { max: '2' } },
    'retries.max: expected a number, got "2"',
  ],
  [
    { kind: 'command', id: 'a', command: 'x', retries: { max: 2, exitCodes: [0] } },
    'retries.exitCodes[0]: expected a number of at least 1, got 0',
  ],
  [{ kind: 'subpipeline', id: 'a' }, 'pipeline: is missing; fix: add "pipeline": a text'],
  [{ kind: 'stage-set' }, 'ref: is missing; fix: add "ref": a text'],
  [7, 'expected an object, got 7'],
])('the stage %j is wrong: %s', (stage, message) => {
  const problems = allProblems(parse({ pipelines: [{ id: 'p', stages: [stage] }] }));
  expect(lines(problems)).toEqual([expect.stringContaining(`pipelines[0].stages[0]`)]);
  expect(lines(problems)[0]?.replace(/^.*?pipelines\[0\]\.stages\[0\][.:]? ?/, '')).toBe(message);
});

test('every problem of one stage is reported, not the first alone', () => {
  const stage = { kind: 'command', command: 5, retries: { max: 'x', factor: 0 } };
  const problems = allProblems(parse({ pipelines: [{ id: 'p', stages: [stage] }] }));
  expect(problems.map(({ path }) => path)).toEqual([
    'pipelines[0].stages[0].id',
    'pipelines[0].stages[0].command',
    'pipelines[0].stages[0].retries.max',
    'pipelines[0].stages[0].retries.factor',
  ]);
});

test('problems and warnings have line and column', () => {
  const text = `{
  "pipelines": [
    {
      "id": "p",
      "titel": "P",
      "stages": [
        { "kind": "command", "id": "a", "command": 5 }
      ]
    }
  ]
}`;
  const catalog = parseConfig(text, file);
  expect([...lines(allProblems(catalog)), ...lines(allWarnings(catalog))]).toEqual([
    'codex.orchestrator.json:7:52: pipelines[0].stages[0].command: expected a text or a list, got 5',
    'codex.orchestrator.json:5:16: pipelines[0].titel: unknown key "titel" has no effect; fix: did you mean "title"?',
  ]);
});

test('unknown keys are warnings with a suggestion, wherever they are', () => {
  const catalog = parse({
    defaultPipelin: 'p',
    owner: 'team',
    stageSets: { s: [{ kind: 'command', id: 'b', command: 'true', timeoutMS: 5 }] },
    pipelines: [
      {
        id: 'p',
        stages: [
          {
            kind: 'command',
            id: 'a',
            command: 'x',
            plan: { aliasses: [] },
            retries: { max: 1, backof: 5 },
          },
          { kind: 'subpipeline', id: 'c', pipeline: 'q', command: 'x' },
        ],
      },
    ],
  });
  expect(allProblems(catalog)).toEqual([]);
  expect(allWarnings(catalog).map(({ path, fix }) => [path, fix])).toEqual([
    ['defaultPipelin', 'did you mean "defaultPipeline"?'],
    ['owner', undefined],
    ['pipelines[0].stages[0].plan.aliasses', 'did you mean "aliases"?'],
    ['pipelines[0].stages[0].retries.backof', 'did you mean "backoffMs"?'],
    ['pipelines[0].stages[1].command', undefined],
    ['stageSets.s[0].timeoutMS', 'did you mean "timeoutMs"?'],
  ]);
});

test('what other tools keep under metadata is no concern of anybody', () => {
  const metadata = { operator_autopilot: { enabled: true }, x: [1] };
  const stages = [{ kind: 'command', id: 'a', command: 'true' }];
  const catalog = parse({ pipelines: [{ id: 'p', metadata, stages }] });
  expect(allWarnings(catalog)).toEqual([]);
  expect(catalog.pipelines[0]?.definition?.metadata).toEqual(metadata);
});

test('pipelines that share an id are both refused, each naming both', () => {
  const stages = [{ kind: 'command', id: 'a', command: 'true' }];
  const catalog = parse({
    pipelines: [
      { id: 'p', stages },
      { id: 'q', stages },
      { id: 'p', stages },
    ],
  });
  expect(allProblems(catalog).map(({ code, message }) => [code, message])).toEqual([
    ['DUPLICATE_PIPELINE_ID', 'pipeline id "p" is used by pipelines[0] and pipelines[2]'],
    ['DUPLICATE_PIPELINE_ID', 'pipeline id "p" is used by pipelines[0] and pipelines[2]'],
  ]);
});

test('a stage set that is not a list, or includes another set, is bad by itself', () => {
  const catalog = parse({
    stageSets: { one: {}, two: [{ kind: 'stage-set', ref: 'one' }] },
    pipelines: [],
  });
  expect(
    [...catalog.stageSets.values()].map(({ problems }) => problems.map(({ code }) => code)),
  ).toEqual([['INVALID_VALUE'], ['STAGE_SET_NESTED']]);
});

test('a wrong frame is named without spoiling the pipelines', () => {
  const stages = [{ kind: 'command', id: 'a', command: 'true' }];
  const catalog = parse({
    $schema: 1,
    defaultPipeline: 5,
    stageSets: [],
    pipelines: [{ id: 'p', stages }],
  });
  expect(catalog.problems.map(({ path }) => path)).toEqual([
    '$schema',
    'defaultPipeline',
    'stageSets',
  ]);
  expect(catalog.defaultPipeline).toBe('diagnostics');
  expect(catalog.pipelines[0]?.problems).toEqual([]);
});

function parse(value: unknown): PipelineCatalog {
  return parseConfig(JSON.stringify(value, null, 2), file);
}

function allProblems({ problems, pipelines, stageSets }: PipelineCatalog): Problem[] {
  const parts = [...pipelines, ...stageSets.values()];
  return [...problems, ...parts.flatMap((part) => part.problems)];
}

function allWarnings({ warnings, pipelines, stageSets }: PipelineCatalog): Problem[] {
  const parts = [...pipelines, ...stageSets.values()];
  return [...warnings, ...parts.flatMap((part) => part.warnings)];
}

function lines(problems: readonly Problem[]): string[] {
  return problems.map((problem) => formatProblem(problem, file));
}

function catchError(run: () => unknown): PipelineError {
  try {
    run();
  } catch (error) {
    if (error instanceof PipelineError) return error;
    throw error;
  }
  throw new Error('Expected a PipelineError');
}

test('what a file says of experiences is read, and what cannot be used is named and left out', () => {
  const experiences = { policy: 'diverse', record: [{ pipelines: ['p'], lesson: 'notes' }] };
  const parse = (section: unknown): PipelineCatalog =>
    parseConfig(JSON.stringify({ pipelines: [], experiences: section }), 'c.json');
  expect(parse(experiences).experiences).toStrictEqual(experiences);
  expect(parse(undefined).experiences).toBeUndefined();

  const wrong = parse({ ...experiences, record: [{ when: ['cancelled'] }] });
  expect(wrong.experiences).toBeUndefined();
  expect(wrong.problems.map(({ path }) => path)).toStrictEqual(['experiences.record[0].when[0]']);

  const unknown = parse({ ...experiences, strct: true });
  expect(unknown.experiences).toStrictEqual(experiences);
  expect(unknown.warnings).toMatchObject([
    { path: 'experiences.strct', fix: 'did you mean "strict"?' },
  ]);
});

test('what is wrong with a file is told with its place, in the message too', () => {
  const { message } = catchError(() => parseConfig('{"gates": {}}', 'c.json'));
  expect(message).toBe('Config "c.json" cannot be used: pipelines: is missing');
});
