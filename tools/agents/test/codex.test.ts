import { dirname } from 'node:path';

import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { beforeAll, expect, test } from 'vitest';

import { surroundCodex } from '../src/agent-surroundings.mjs';
import { brokenProgram, rightFix, wrongFix } from '../src/broken-program.mjs';
import { startModelServer } from '../src/model-server.mjs';
import { provideAgent } from '../src/real-agent.mjs';
import { findProcesses, startProcess } from '../src/start-process.mjs';

const installTimeoutMs = 180_000;

let codex: Awaited<ReturnType<typeof provideAgent>>;
beforeAll(async () => {
  codex = await provideAgent('codex');
}, installTimeoutMs);

type ServerOptions = Parameters<typeof startModelServer>[0];

async function start(rig: Rig, path: string, options: ServerOptions, sandbox = 'workspace-write') {
  const server = await startModelServer(options);
  await rig.write(
    Object.fromEntries(Object.entries(brokenProgram).map(([name, text]) => [`work/${name}`, text])),
  );
  const flags = ['--json', '--skip-git-repo-check', '--ephemeral', '-s', sandbox];
  const agent = startProcess([path, 'exec', ...flags, 'Repair sum.\nITERATION: 1\n'], {
    cwd: rig.path('work'),
    env: {
      PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
      HOME: rig.path('home'),
      ...surroundCodex(rig.path('home'), server.url),
    },
  });
  return { agent, server };
}

interface CodexEvent {
  readonly type: string;
  readonly usage?: Record<string, number>;
}

function readEvents(stdout: string): CodexEvent[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as CodexEvent);
}

test('codex edits as the model says, and tells what it took', async (context) => {
  if ('skipped' in codex) return context.skip(codex.skipped);
  await using rig = await createRig();
  const { agent, server } = await start(rig, codex.path, { script: 'wrong-then-right' });
  expect(await agent.ended).toStrictEqual({ exitCode: 0, signal: null });
  await server.close();
  const last = readEvents(agent.stdout()).at(-1);
  expect(last?.type).toBe('turn.completed');
  expect(last?.usage).toMatchObject({
    ...{ input_tokens: 3000, cached_input_tokens: 600, output_tokens: 150 },
  });
  expect(await rig.read('work/sum.mjs')).toBe(wrongFix);
});

test('in a sandbox that forbids it, codex claims the edit and exits with 0', async (context) => {
  if ('skipped' in codex) return context.skip(codex.skipped);
  await using rig = await createRig();
  const options = { script: 'right-fix' };
  const { agent, server } = await start(rig, codex.path, options, 'read-only');
  expect(await agent.ended).toStrictEqual({ exitCode: 0, signal: null });
  await server.close();
  expect(agent.stdout()).toContain('Tests should pass now');
  expect(await rig.read('work/sum.mjs')).toBe(brokenProgram['sum.mjs']);
});

// What codex itself does with them changes with its version only.
test.runIf(process.env['SLOW_TESTS'] === '1').each(['500', '429', 'cut-stream'] as const)(
  'when the server has the fault %s, codex says that the turn failed',
  async (fault) => {
    if ('skipped' in codex) return;
    await using rig = await createRig();
    const options = { script: 'right-fix', fault };
    const { agent, server } = await start(rig, codex.path, options);
    expect(await agent.ended).toStrictEqual({ exitCode: 1, signal: null });
    await server.close();
    expect(readEvents(agent.stdout()).at(-1)?.type).toBe('turn.failed');
  },
);

test('when the server hangs after the edit, codex waits until it is killed', async (context) => {
  if ('skipped' in codex) return context.skip(codex.skipped);
  await using rig = await createRig();
  const options = { script: 'right-fix', fault: 'hang', faultAfter: 2 } as const;
  const { agent, server } = await start(rig, codex.path, options);
  await expect.poll(() => server.requests.length, { timeout: 20_000 }).toBe(3);
  agent.killGroup();
  expect(await agent.ended).toStrictEqual({ exitCode: null, signal: 'SIGKILL' });
  await server.close();
  expect(agent.stdout()).not.toMatch(/turn\.(completed|failed)/);
  expect(await rig.read('work/sum.mjs')).toBe(rightFix);
  await expect.poll(() => findProcesses(rig.root)).toStrictEqual([]);
});
