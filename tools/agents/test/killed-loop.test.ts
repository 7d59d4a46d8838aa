import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';

import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { installFakeAgents } from '../src/install-fake-agents.mjs';
import { findProcesses, startProcess } from '../src/start-process.mjs';

const commandLine = join(
  dirname(fileURLToPath(import.meta.resolve('codex-orchestrator/package.json'))),
  'bin/codex-orchestrator.cjs',
);
const isSlow = process.env['SLOW_TESTS'] === '1';
const lastIteration = isSlow ? 5 : 3;
const kills = isSlow ? 40 : 1;

interface State {
  readonly iterations: readonly { readonly n: number; readonly completed: boolean }[];
  readonly final?: { readonly status: string };
}

test(
  'a loop that is killed again and again goes on with the right iteration, and no agent outlives it',
  { timeout: 60_000 + kills * 10_000 },
  async () => {
    for (const isContained of [true, false]) {
      await using rig = await createRig('killed-');
      const loop = await openLoop(rig, isContained ? '--contain' : '--no-contain');
      let runId: string | undefined;
      for (let kill = 0; kill < kills; kill++) {
        // Spread over what an iteration takes, and never the same from one run of the test to the next.
        runId = await loop.killAfter(runId, 150 + Math.random() * 900);
        // Without a containment, what left its session is ended by whoever comes next.
        await expect
          .poll(
            () => loop.survivors().filter((line) => isContained || !line.includes('heartbeat')),
            {
              timeout: 15_000,
            },
          )
          .toEqual([]);
        if ((await loop.state(runId))?.final !== undefined) break;
      }
      const { exitCode, stdout } = await loop.finish(runId ?? '');
      expect(stdout).toContain('"verdict": "passed"');
      expect(exitCode).toBe(0);

      const state = await loop.state(runId ?? '');
      expect(state?.iterations.map(({ n }) => n)).toEqual(
        Array.from({ length: lastIteration }, (_, at) => at + 1),
      );
      expect(state?.iterations.every(({ completed }) => completed)).toBe(true);
      expect(await loop.begun()).toEqual(
        [...(await loop.begun())].sort((one, other) => one - other),
      );
      expect(await loop.verify(runId ?? '')).toContain('intact');
      expect(loop.survivors()).toEqual([]);
    }
  },
);

/** Each iteration leaves a heartbeat in a session of its own; the last one makes the validator pass. */
async function openLoop(rig: Rig, contain: string) {
  const turns = Object.fromEntries(
    Array.from({ length: lastIteration }, (_, at) => {
      const n = String(at + 1);
      const beat = { heartbeat: rig.path(`beat-${n}`), setsid: true };
      const steps = [
        beat,
        { write: { [`done-${n}`]: n } },
        { sleepMs: 150 },
        { say: `summary: ${n}` },
      ];
      return [n, { steps }] as const;
    }),
  );
  await rig.write({
    'scenario.json': { turns, record: rig.path('calls.ndjson') },
    'calls.ndjson': '',
    'repository/start': '',
  });
  const env = {
    PATH: [installFakeAgents(rig.path('bin'), ['codex']), process.env['PATH']].join(':'),
    HOME: rig.path(),
    FAKE_AGENT_SCENARIO: rig.path('scenario.json'),
  };
  const cwd = rig.path('repository');
  const call = (...args: readonly string[]) =>
    startProcess([process.execPath, commandLine, ...args], { cwd, env });
  const validator = `test -e done-${lastIteration}`;
  const start = ['rlm', 'Make all parts', '--validator', validator, '--task', 'killed', contain];

  return {
    /** Starts or resumes the loop and kills it some time after its run is there; returns the run. */
    killAfter: async (runId: string | undefined, ms: number): Promise<string> => {
      const args = runId === undefined ? start : ['resume', '--run', runId];
      const runner = call(...args, '--format', 'ndjson');
      await runner.printed('"stage.started"').catch(() => undefined);
      await pause(ms);
      // The runner alone, as the kernel would: its children have groups of their own.
      process.kill(runner.pid, 'SIGKILL');
      await runner.ended;
      return runId ?? readRunId(runner.stdout());
    },
    finish: async (runId: string) => {
      const runner = call('resume', '--run', runId, '--format', 'json');
      const { exitCode } = await runner.ended;
      if (runner.stdout().includes('RUN_SUCCEEDED')) {
        const shown = call('show', '--run', runId, '--format', 'json');
        return { exitCode: (await shown.ended).exitCode, stdout: shown.stdout() };
      }
      return { exitCode, stdout: runner.stdout() };
    },
    state: async (runId: string): Promise<State | undefined> =>
      (await rig
        .readJson(`repository/.runs/killed/cli/${runId}/rlm/state.json`)
        .catch(() => undefined)) as State | undefined,
    verify: async (runId: string) => {
      const verifier = call('verify', '--run', runId);
      await verifier.ended;
      return verifier.stdout();
    },
    /** The iterations for which an agent was called, in order. */
    begun: async () =>
      (await rig.read('calls.ndjson'))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => (JSON.parse(line) as { iteration: number }).iteration),
    survivors: () => findProcesses(rig.root),
  };
}

function readRunId(stdout: string): string {
  const [first] = stdout.split('\n');
  return (JSON.parse(first ?? '{}') as { run_id: string }).run_id;
}
