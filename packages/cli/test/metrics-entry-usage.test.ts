import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { commandProgram } from '../src/metrics/command-program.js';
import { readAgentUsage } from '../src/metrics/read-usage.js';
import { manifestWith, stageWith } from './metrics-entry-manifest.js';

test.each([
  ['codex exec --json "fix it" </dev/null', 'codex'],
  ["/opt/bin/codex exec 'fix it'", 'codex'],
  ['OPENAI_API_KEY=[REDACTED] CODEX_HOME="/a b" codex exec', 'codex'],
  ['env -u HOME -i A=b claude -p x', 'claude'],
  ['npx codex exec', 'codex'],
  ['npx -y @openai/codex@latest exec', 'codex'],
  ['npx --yes -p @anthropic-ai/claude-code claude -p x', 'claude'],
  ['npx @anthropic-ai/claude-code@2.1.197 -p x', 'claude'],
  ['bunx @google/gemini-cli -p x', 'gemini'],
  ['npx @qwen-code/qwen-code', 'qwen'],
  ['npx opencode-ai@1.18.33 run', 'opencode'],
  ['timeout -k 5 600 codex exec', 'codex'],
  ['cd "a b" && codex exec', 'codex'],
  ['set -euo pipefail\ncd a; codex exec', 'codex'],
  ['export A="$(pwd)" && A=1 \\\n  exec gemini -p x', 'gemini'],
  ['npm run build', 'npm'],
  ['npx tsc -b && npx eslint .', 'tsc'],
  ['npx @scope/tool@1.2.3 a', 'tool'],
  ["'my program' a", 'sh'],
  ["'A=b' c", 'sh'],
  ["'co'dex exec", 'codex'],
  ['echo codex exec', 'echo'],
  ['cat prompt | codex exec', 'cat'],
  ['for x in 1 2; do codex exec; done', 'sh'],
  ['[ -e go ] || codex exec', 'sh'],
  ['$CODEX exec', 'sh'],
  ['(codex exec)', 'sh'],
  ['cd a || codex', 'sh'],
  ['cd a', 'sh'],
  ['env', 'sh'],
  ['A=b', 'sh'],
  ['"unfinished codex', 'sh'],
  ['', 'sh'],
  [' \n ', 'sh'],
  ['./run.sh', 'run.sh'],
  ['@@@', 'sh'],
  ['/', 'sh'],
])('the program of `%s` is %s', (line, program) => {
  expect(commandProgram(line)).toBe(program);
});

test('a long line costs no more than its start', () => {
  expect(commandProgram(`${'A=b '.repeat(1_000_000)}codex`)).toBe('sh');
  expect(commandProgram(`codex ${"'".repeat(1_000_001)}`)).toBe('codex');
});

const turn = (tokens: number): string =>
  `${JSON.stringify({ type: 'turn.completed', usage: { input_tokens: tokens } })}\n`;

test('the logs of all attempts are read, and only those of agents', async () => {
  await using rig = await createRig();
  await rig.write({
    'run/commands/01-fix.log': `warning: {no json}\n${turn(5)}{"torn`,
    'run/commands/01-fix.attempt-1.log': turn(100),
    'run/commands/02-test.log': turn(7000),
  });
  const manifest = manifestWith([
    stageWith({ id: 'fix', command: 'codex exec', attempts: 2, log_path: 'x/01-fix.log' }),
    stageWith({ id: 'test', command: 'npm test', attempts: 1, log_path: 'x/02-test.log' }),
    stageWith({ id: 'later', command: 'codex exec', attempts: 0, log_path: null }),
  ]);
  const layout = { commandsDir: rig.path('run/commands'), relative: (path: string) => path };
  const { usage, problems } = await readAgentUsage(manifest, layout);
  expect([...usage]).toStrictEqual([['fix', { tokens: 105, costUsd: 0, toolCalls: 0 }]]);
  expect(problems).toStrictEqual([]);
});

test('a log that is gone tells nothing; one that is none is not opened', async () => {
  await using rig = await createRig();
  await rig.write({ 'commands/02-b.log/file': '' });
  const manifest = manifestWith([
    stageWith({ id: 'a', command: 'codex', log_path: 'commands/01-a.log' }),
    stageWith({ id: 'b', command: 'codex', log_path: 'commands/02-b.log' }),
  ]);
  const layout = { commandsDir: rig.path('commands'), relative: () => 'log' };
  const { usage, problems } = await readAgentUsage(manifest, layout);
  expect([...usage.values()].map(({ tokens }) => tokens)).toStrictEqual([0, 0]);
  expect(problems).toStrictEqual([]);
});
