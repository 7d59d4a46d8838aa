import { beforeAll, expect, test } from 'vitest';
import type { TestContext } from 'vitest';

import { surroundClaude } from '../src/agent-surroundings.mjs';
import { brokenProgram, rightFix } from '../src/broken-program.mjs';
import { provideAgent } from '../src/real-agent.mjs';
import { openRealLoop } from './real-loop.js';

const installTimeoutMs = 180_000;
const caseTimeoutMs = 60_000;
const gone = { timeout: 10_000 };

const isWanted = process.env['SLOW_TESTS'] === '1';

let claude: Awaited<ReturnType<typeof provideAgent>>;
beforeAll(async () => {
  claude = isWanted ? await provideAgent('claude') : { skipped: 'set SLOW_TESTS=1 to run them' };
}, installTimeoutMs);

function openLoop(context: TestContext): ReturnType<typeof openRealLoop> {
  if ('skipped' in claude) return context.skip(claude.skipped);
  return openRealLoop({ name: 'claude', path: claude.path, surround: surroundClaude });
}

test(
  'a wrong fix fails the validator, the right one in iteration 2 passes',
  { timeout: caseTimeoutMs },
  async (context) => {
    await using loop = await openLoop(context);
    const end = await loop.call({ script: 'wrong-then-right' }, { RLM_MAX_ITERATIONS: '3' });
    expect(end.exitCode, end.stderr).toBe(0);
    expect(end.answer.loop).toMatchObject({ verdict: 'passed', iterations: 2 });
    expect(end.manifest.commands.at(-1)?.loop).toMatchObject({
      ...{ agent: 'claude', iterations: 2, best_iteration: 2, tool_calls: 4 },
      ...{ input_tokens: 6000, cached_input_tokens: 1200, output_tokens: 300 },
    });
    expect(await loop.program()).toBe(rightFix);
    await expect.poll(loop.processes, gone).toStrictEqual([]);
  },
);

test(
  'a server that falls silent after the fix: claude is ended with its whole tree, and that is no success',
  { timeout: caseTimeoutMs },
  async (context) => {
    await using loop = await openLoop(context);
    const server = { script: 'right-fix', fault: 'hang', faultAfter: 2 } as const;
    const limits = {
      RLM_SILENCE_TIMEOUT_MS: '15000',
      RLM_MAX_ERRORS: '1',
      API_TIMEOUT_MS: '120000',
    };
    const end = await loop.call(server, limits);
    expect(end.exitCode, end.stderr).toBe(10);
    expect(end.state.iterations).toMatchObject([
      { completed: false, agent: [{ outcome: 'silent' }] },
    ]);
    expect(await loop.program()).toBe(rightFix);
    await expect.poll(loop.processes, gone).toStrictEqual([]);
  },
);

test(
  'without the permission to fix it claude exits with 0, and that is no success',
  { timeout: caseTimeoutMs },
  async (context) => {
    await using loop = await openLoop(context);
    const end = await loop.call(
      { script: 'right-fix' },
      { RLM_AGENT_ARGS: '["--allowedTools","Read"]', RLM_MAX_ITERATIONS: '1' },
    );
    expect(end.exitCode, end.stderr).toBe(3);
    expect(end.state.iterations).toMatchObject([{ validatorExitCode: 1, completed: true }]);
    expect(await loop.program()).toBe(brokenProgram['sum.mjs']);
    await expect.poll(loop.processes, gone).toStrictEqual([]);
  },
);

test(
  'a server that fails is a turn that failed, whatever its subtype says',
  { timeout: caseTimeoutMs },
  async (context) => {
    await using loop = await openLoop(context);
    const end = await loop.call({ script: 'right-fix', fault: '500' }, { RLM_MAX_ERRORS: '1' });
    expect(end.exitCode, end.stderr).toBe(10);
    expect(end.state.iterations).toMatchObject([
      { completed: false, agent: [{ outcome: 'failed' }] },
    ]);
    await expect.poll(loop.processes, gone).toStrictEqual([]);
  },
);
