import { expect, test } from 'vitest';

import { definitionHash } from '../src/definition-hash.js';
import { command, pipeline, planFirst, subpipeline } from './run-rig.js';

type Json = Readonly<Record<string, unknown>>;

function hashOf(stage: Json, ...others: readonly Json[]): string {
  return definitionHash(planFirst([pipeline('p', stage), ...others]).stages[0]);
}

const base = command('a', 'make');

test('a stage of the same definition has the same digest', () => {
  expect(hashOf(base)).toMatch(/^[0-9a-f]{64}$/);
  expect(hashOf(command('a', 'make'))).toBe(hashOf(base));
});

test('what a stage is called and how it appears is no part of its definition', () => {
  const renamed = command('b', 'make', {
    title: 'Another',
    summaryHint: 'done',
    plan: { aliases: ['x'], runnable: false },
    session: { id: 's' },
  });
  expect(hashOf(renamed)).toBe(hashOf(base));
});

test('defaults that are spelled out and another order of variables change nothing', () => {
  const spelled = command('a', 'make', { cwd: '.', env: {}, allowFailure: false, retries: 0 });
  expect(hashOf(spelled)).toBe(hashOf(base));
  const one = command('a', 'make', { env: { A: '1', B: '2' } });
  const other = command('a', 'make', { env: { B: '2', A: '1' } });
  expect(hashOf(one)).toBe(hashOf(other));
});

test('everything that decides what a stage does changes its digest', () => {
  const changes: readonly Json[] = [
    {},
    { command: 'make all' },
    { command: ['make'] },
    { cwd: 'sub' },
    { env: { A: '1' } },
    { env: { A: '2' } },
    { allowFailure: true },
    { timeoutMs: 5 },
    { silenceTimeoutMs: 5 },
    { retries: 1 },
    { retries: { max: 1, backoffMs: 1 } },
    { retries: { max: 1, factor: 1 } },
    { retries: { max: 1, exitCodes: [1] } },
    { inputs: ['a'] },
    { inputs: ['b'] },
  ];
  const hashes = changes.map((change) => hashOf({ ...base, ...change }));
  expect(new Set(hashes).size).toBe(changes.length);
});

test('needs are part of a definition, whatever their order', () => {
  const needing = (...needs: string[]): string => {
    const [, , last] = planFirst([
      pipeline('p', command('a', 'x'), command('b', 'x'), command('c', 'x', { needs })),
    ]).stages;
    return last ? definitionHash(last) : '';
  };
  expect(needing('a', 'b')).toBe(needing('b', 'a'));
  expect(needing('a')).not.toBe(needing('a', 'b'));
});

test('a subpipeline changes with any of its stages', () => {
  const stage = subpipeline('sub', 'q');
  const one = hashOf(stage, pipeline('q', command('x', 'true')));
  expect(hashOf(stage, pipeline('q', command('x', 'true', { title: 'X' })))).toBe(one);
  expect(hashOf(stage, pipeline('q', command('x', 'false')))).not.toBe(one);
  expect(hashOf(stage, pipeline('q', command('x', 'true'), command('y', 'true')))).not.toBe(one);
  const deeper = (line: string): string =>
    hashOf(stage, pipeline('q', subpipeline('r', 'r')), pipeline('r', command('x', line)));
  expect(deeper('true')).not.toBe(deeper('false'));
});
