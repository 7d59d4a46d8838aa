import { expect, test } from 'vitest';

import { closestName } from '../src/closest-name.js';

test.each([
  ['titel', ['title', 'tags'], 'title'],
  ['comand', ['command', 'cwd'], 'command'],
  ['DIAGNOSTICS', ['diagnostics', 'docs'], 'diagnostics'],
  ['biuld', ['build', 'bind'], 'build'],
  ['needs', ['need'], 'need'],
  ['x', ['y'], 'y'],
  ['timeout', ['title', 'silenceTimeoutMs', 'timeoutMs'], 'timeoutMs'],
  ['test', ['test:watch', 'tests'], 'tests'],
])('%s among %j means %s', (name, candidates, meant) => {
  expect(closestName(name, candidates)).toBe(meant);
});

test.each([
  ['deploy', ['build', 'lint', 'test']],
  ['a-rather-long-name', ['short']],
  ['anything', []],
])('%s means none of %j', (name, candidates) => {
  expect(closestName(name, candidates)).toBeUndefined();
});

test('of equally close names the first one is meant', () => {
  expect(closestName('tast', ['test', 'task'])).toBe('test');
});
