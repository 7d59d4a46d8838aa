import { execFileSync } from 'node:child_process';
import { chmod } from 'node:fs/promises';

import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { call, onlyJson } from './call.js';

/** Calls as scripts of old have them, word for word. */
const start = 'MCP_RUNNER_TASK_ID=1001-checks CODEX_NON_INTERACTIVE=1 npx codex-orchestrator start';
const flags = '--format json --no-interactive --task 1001-checks';
const notes =
  'NOTES="Goal: keep it small | Summary: one change | Risks: none | Questions (optional): none"';

test.each([
  [`${start} diagnostics ${flags}`, 'diagnostics', null],
  [`${start} diagnostics ${flags} --approval-policy never`, 'diagnostics', 'never'],
  [
    `RLM_GOAL="do the work" RLM_MAX_ITERATIONS=1 RLM_VALIDATOR=none ${start} rlm ${flags}`,
    'rlm',
    null,
  ],
  [
    `RLM_GOAL="do the work" RLM_MAX_ITERATIONS=1 RLM_VALIDATOR=none ${start} rlm ${flags} --approval-policy never`,
    'rlm',
    'never',
  ],
])('%s', async (line, pipeline, policy) => {
  await using rig = await createRig();
  await rig.write({
    agent: '#!/bin/sh\ncat > /dev/null\necho "summary: done"\n',
    Makefile: 'build lint test:\n\t@true\n',
  });
  await chmod(rig.path('agent'), 0o755);
  const { env, argv } = wordsOf(line);
  const options = { cwd: rig.root, env: { RLM_AGENT_COMMAND: './agent', ...env } };
  const result = await call(argv, options);
  expect(result).toMatchObject({ exitCode: 0 });
  const answer = onlyJson(result);
  expect(answer).toMatchObject({
    status: 'succeeded',
    pipeline_id: pipeline,
    task_id: '1001-checks',
  });
  expect(Object.keys(answer).slice(0, 5)).toStrictEqual([
    'run_id',
    'status',
    'artifact_root',
    'manifest',
    'log_path',
  ]);
  expect(await rig.readJson(String(answer['manifest']))).toMatchObject({
    approval_policy: policy,
  });
});

test.each([
  `${notes} ${start} implementation-gate ${flags}`,
  `${notes} ${start} implementation-gate ${flags} --approval-policy never`,
])('%s', async (line) => {
  await using rig = await createRig();
  await rig.write({ Makefile: 'build lint test:\n\t@true\n' });
  const { env, argv } = wordsOf(line);
  const result = await call(argv, { cwd: rig.root, env });
  // Outside of a git repository nobody can say how large a change is.
  const answer = onlyJson(result);
  expect(answer).toMatchObject({
    status: 'failed',
    pipeline_id: 'implementation-gate',
    task_id: '1001-checks',
    failed_stage: { id: 'diff-budget' },
    counts: { total: 11 },
    exit_code: 1,
  });
});

test('an implementation gate passes where the commands do and an agent approves of the change', async () => {
  await using rig = await createRig();
  const review = '```json\n{"version":1,"verdict":"approve","findings":[]}\n```';
  await rig.write({
    // In a folder that is no part of the change: what was shown to the reviewer is no answer of it.
    'out/agent': `#!/bin/sh\ncat > /dev/null\ncat <<'END'\nLooked at it.\n\n${review}\nEND\n`,
    Makefile: 'build lint test:\n\t@true\n',
    '.gitignore': '.runs/\nout/\n',
    'README.md': '# Sums\n',
  });
  await chmod(rig.path('out/agent'), 0o755);
  execFileSync('git', ['init', '--quiet'], { cwd: rig.root });
  const { env, argv } = wordsOf(`${notes} ${start} implementation-gate ${flags}`);
  const options = { cwd: rig.root, env: { RLM_AGENT_COMMAND: './out/agent', ...env } };
  const answer = onlyJson(await call(argv, options));
  expect(answer).toMatchObject({ status: 'succeeded', counts: { succeeded: 11 }, exit_code: 0 });
  const { commands } = (await rig.readJson(String(answer['manifest']))) as {
    readonly commands: readonly { readonly id: string; readonly gate?: object }[];
  };
  expect(commands.find(({ id }) => id === 'review')?.gate).toMatchObject({ outcome: 'passed' });
});

test('without notes nothing of a pipeline with a review is run', async () => {
  await using rig = await createRig();
  await rig.write({ Makefile: 'build lint test:\n\t@touch built\n' });
  const { env, argv } = wordsOf(`${start} implementation-gate ${flags}`);
  const result = await call(argv, { cwd: rig.root, env });
  expect(result.exitCode).toBe(2);
  expect(onlyJson(result)).toMatchObject({
    error: { code: 'USAGE', hint: expect.stringContaining('NOTES="Goal: ') as unknown },
  });
  expect(await rig.list()).toStrictEqual(['Makefile']);
});

/** Variables and arguments of a line for the shell, without the program. */
function wordsOf(line: string): { env: Record<string, string>; argv: readonly string[] } {
  const words = [...line.matchAll(/(?:[^\s"]|"[^"]*")+/g)].map(([word]) =>
    word.replaceAll('"', ''),
  );
  const program = words.indexOf('codex-orchestrator');
  const variables = words.slice(0, program).filter((word) => word !== 'npx');
  return {
    env: Object.fromEntries(
      variables.map((word) => [
        word.slice(0, word.indexOf('=')),
        word.slice(word.indexOf('=') + 1),
      ]),
    ),
    argv: words.slice(program + 1),
  };
}
