import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { installFakeAgents } from '../src/install-fake-agents.mjs';
import { findProcesses, startProcess } from '../src/start-process.mjs';

const commandLine = join(
  dirname(fileURLToPath(import.meta.resolve('codex-orchestrator/package.json'))),
  'bin/codex-orchestrator.cjs',
);
const here = 'cd "$CODEX_ORCHESTRATOR_LOOP_DIR"';

test('an agent that forges its evidence is judged by what it did, and the record shows what it forged', async () => {
  await using rig = await createRig('hostile-');
  await rig.write({ 'user/agent.log': 'mine\n' });
  const loop = await openLoop(rig, {
    '1': [
      `${here}; echo forged > iterations/1/prompt.md; mkdir iterations/1/more`,
      `${here}; mkdir iterations/2; ln -s '${rig.path('user/agent.log')}' iterations/2/agent.log`,
      `${here}; rm -f state.json; mkfifo state.json`,
    ],
    '2': ['touch done'],
  });
  const { exitCode, answer } = await loop.run();
  expect(exitCode).toBe(0);
  expect(answer.loop).toMatchObject({ verdict: 'passed', iterations: 2 });
  expect(await rig.read('user/agent.log')).toBe('mine\n');
  const verified = await loop.verify(answer.run_id);
  expect(verified).toContain('damaged');
  expect(verified.match(/^ {2}file-\S+: .*$/gm)).toEqual([
    expect.stringContaining('rlm/iterations/1/prompt.md'),
  ]);
  expect(findProcesses(rig.root)).toEqual([]);
});

test('an agent starts no program through the private files of its loop', async () => {
  await using rig = await createRig('hostile-');
  const trap = `printf '[filter "trap"]\\n\\tclean = "touch ${rig.path('hit')}; cat"\\n'`;
  const loop = await openLoop(rig, {
    '1': [
      `${trap} >> "$(ls -d .runs/hostile/cli/.*.rlm)/repository/config"`,
      'echo "* filter=trap" > .gitattributes; touch done',
    ],
  });
  const { exitCode, answer } = await loop.run();
  expect(exitCode).toBe(0);
  expect(await rig.list('.')).not.toContain('hit');
  expect(await loop.verify(answer.run_id)).toContain('intact');
});

interface Answer {
  readonly run_id: string;
  readonly loop: { readonly verdict: string; readonly iterations: number };
}

/** A loop whose agent runs these commands, by iteration, until there is a file `done`. */
async function openLoop(rig: Rig, commands: Readonly<Record<string, readonly string[]>>) {
  const turns = Object.fromEntries(
    Object.entries(commands).map(([n, lines]) => [n, { steps: lines.map((run) => ({ run })) }]),
  );
  await rig.write({
    'scenario.json': { turns },
    'repository/start': '',
    'repository/.gitignore': '.runs/\nout/\n',
  });
  const cwd = rig.path('repository');
  execFileSync('git', ['init', '--quiet'], { cwd });
  const env = {
    PATH: [installFakeAgents(rig.path('bin'), ['codex']), process.env['PATH']].join(':'),
    HOME: rig.path('home'),
    FAKE_AGENT_SCENARIO: rig.path('scenario.json'),
  };
  const call = async (...args: readonly string[]) => {
    const called = startProcess([process.execPath, commandLine, ...args], { cwd, env });
    const { exitCode } = await called.ended;
    return { exitCode, stdout: called.stdout() };
  };
  return {
    run: async () => {
      const args = ['rlm', 'Get it done', '--validator', 'test -e done', '--task', 'hostile'];
      const { exitCode, stdout } = await call(...args, '--format', 'json');
      return { exitCode, answer: JSON.parse(stdout) as Answer };
    },
    verify: async (run: string) => (await call('verify', '--run', run)).stdout,
  };
}
