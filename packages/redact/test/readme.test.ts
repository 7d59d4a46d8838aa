import { runReadmeExample } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

test('the example of the README runs and prints what it says', async () => {
  const stdout = await runReadmeExample(new URL('../README.md', import.meta.url));
  expect(stdout.split('\n')).toEqual([
    'using ',
    '[REDACTED], password: [REDACTED]',
    "0 { 'known-value': 1, assignment: 1 }",
    'https://me:[REDACTED]@host.example',
    "{ note: '[REDACTED]' }",
    '',
  ]);
});
