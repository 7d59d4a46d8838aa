import { verifyRun } from '@codex-orchestrator/manifest';
import { expect, test } from 'vitest';

import type { CommandOutput } from '@codex-orchestrator/exec';
import type { LoopStage, RunLoop } from '../src/index.js';
import { fakeLoop, loopFacts } from './fake-loop.js';
import { plainRedactor } from './plain-redactor.js';
import {
  command,
  createRunRig,
  isAlive,
  journalOf,
  pipeline,
  verdicts,
  waitUntil,
} from './run-rig.js';

const loop = { kind: 'rlm', id: 'loop', goal: 'reach it', env: { OWN: 'mine' } };

test('a loop is journalled by the iteration, and the record of it holds', async () => {
  await using rig = await createRunRig();
  const shown: string[] = [];
  const outcome = await rig.run([pipeline('p', loop, command('after', 'echo after'))], {
    runLoop: fakeLoop(),
    observer: {
      onEvent: () => undefined,
      onOutput: (index, stream, bytes) => shown.push(`${index} ${stream} ${bytes.toString()}`),
    },
  });
  const { layout, manifest } = outcome;
  const events = (await journalOf(outcome)).filter((event) => 'id' in event && event.id === 'loop');
  expect(events.map(({ type }) => type)).toEqual([
    'stage.started',
    'loop.started',
    'stage.spawned',
    'loop.iteration',
    'stage.spawned',
    'loop.iteration',
    'stage.finished',
  ]);
  expect(events[1]).toMatchObject({ continues: false, facts: { goal: 'reach it', until: 2 } });
  expect(events[5]).toMatchObject({
    n: 2,
    facts: { n: 2, exitCode: 0, said: 'turn 2' },
    artifacts: [{ path: 'rlm/iterations/2/agent.log', bytes: 7 }],
  });
  expect(manifest.commands[0]).toMatchObject({
    kind: 'rlm',
    status: 'succeeded',
    outcome: 'loop-ended',
    exit_code: 0,
    reason: null,
    summary: '2 iterations',
    error_file: null,
    loop: loopFacts,
  });
  expect(manifest.commands[1]).not.toHaveProperty('loop');
  const log = 'the loop begins\niteration 1 is over\niteration 2 is over\n';
  expect(await rig.read(manifest.commands[0]?.log_path ?? '')).toBe(log);
  expect(manifest.commands[0]?.log_bytes).toBe(log.length);
  expect(shown.filter((text) => text.startsWith('1 ')).join('')).toBe(
    log.replace(/^/gm, '1 stdout ').replace(/1 stdout $/, ''),
  );
  expect(manifest.artifacts.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['commands/01-loop.log', 'rlm/state.json']),
  );
  expect(await verifyRun(layout)).toMatchObject({ verdict: 'intact', sealed: true, remarks: [] });
});

test('a loop is given what its stage says, and what the run was given to know', async () => {
  await using rig = await createRunRig();
  let seen: LoopStage | undefined;
  await rig.run([pipeline('p', { ...loop, agent: 'codex', maxMinutes: 0.5 })], {
    runLoop: fakeLoop({
      lineOf: () => 'echo "$OWN $CODEX_ORCHESTRATOR_PIPELINE_ID" >> env; pwd >> env',
      onStart: (stage) => (seen = stage),
    }),
    context: {
      instructions_hash: null,
      instructions_sources: [],
      warnings: [],
      prompt_packs: [
        {
          id: 'pack',
          domain: 'd',
          stamp: 's',
          experience_slots: 2,
          sources: [],
          experiences: ['one lesson', 'another'],
        },
      ],
    },
  });
  expect(seen?.config).toEqual({ goal: 'reach it', agent: 'codex', maxMinutes: 0.5 });
  expect(seen?.lessons).toEqual(['one lesson', 'another']);
  expect(seen?.history).toBeUndefined();
  expect(await rig.read('env')).toBe(`mine p\n${rig.root}\n`.repeat(2));
});

test('a loop that did not succeed says why, and a file has what is known', async () => {
  await using rig = await createRunRig();
  const facts = { ...loopFacts, verdict: 'stalled' };
  const end = {
    status: 'failed',
    exitCode: 6,
    verdict: 'stalled',
    summary: 'No way',
    facts,
  } as const;
  const outcome = await rig.run([pipeline('p', loop, command('after', 'true'))], {
    runLoop: fakeLoop({ end: { ...end, notes: ['A note.'] } }),
  });
  expect(outcome.statusDetail).toBe('stage:loop:failed');
  const [stage] = outcome.manifest.commands;
  expect(stage).toMatchObject({ status: 'failed', exit_code: 6, reason: 'stalled', loop: facts });
  expect(await rig.readJson(stage?.error_file ?? '')).toMatchObject({
    command_id: 'loop',
    reason: 'loop-failed',
    details: { outcome: 'loop-ended', message: 'No way', verdict: 'stalled', exit_code: 6 },
  });
  expect(outcome.manifest.summary).toContain('A note.');
  expect(await verifyRun(outcome.layout)).toMatchObject({ verdict: 'intact', remarks: [] });

  const allowed = await rig.run([pipeline('p', { ...loop, allowFailure: true })], {
    runLoop: fakeLoop({ end }),
  });
  expect(allowed.status).toBe('succeeded');
  expect(verdicts(allowed)).toEqual({ loop: 'skipped (allowed-failure)' });
  expect(allowed.manifest.commands[0]).toMatchObject({ exit_code: 6, loop: facts });
});

test('without anybody to run it, and where its runner throws, a loop has failed', async () => {
  await using rig = await createRunRig();
  const nobody = await rig.run([pipeline('p', loop)]);
  expect(nobody.statusDetail).toBe('stage:loop:error');
  expect(nobody.manifest.commands[0]?.reason).toMatch(/'loop' is a loop.*`runLoop` names nobody/);
  const thrown = await rig.run([pipeline('p', loop)], {
    runLoop: (stage) => {
      stage.tell('so far so good');
      return Promise.reject(new Error('no more'));
    },
  });
  const [stage] = thrown.manifest.commands;
  expect(stage).toMatchObject({ status: 'failed', outcome: 'error', reason: 'no more' });
  expect(stage).not.toHaveProperty('loop');
  expect(await rig.read(stage?.log_path ?? '')).toBe('so far so good\n');
  expect(await verifyRun(thrown.layout)).toMatchObject({ verdict: 'intact', remarks: [] });
});

test('secrets reach the listener of raw output alone', async () => {
  await using rig = await createRunRig();
  const heard: Record<'filtered' | 'raw', string> = { raw: '', filtered: '' };
  const hear = (name: 'filtered' | 'raw') => (output: CommandOutput) => {
    heard[name] += output.bytes.toString();
  };
  const runLoop: RunLoop = async (stage) => {
    stage.begin({ goal: 'hunter2', code: 'hunter2' });
    const logPath = `${stage.layout.commandsDir}/agent.log`;
    const options = { logPath, onRawOutput: hear('raw'), onOutput: hear('filtered') };
    const result = await stage.run('echo say hunter2; echo hunter2 >&2', options);
    await stage.run('echo hunter2', {});
    stage.tell(`it said ${result.stdout.text} and hunter2`);
    stage.iterated(1, { said: 'hunter2', list: [{ id: 'hunter2' }], paths: { a: 'b' } }, []);
    const end = await fakeLoop({ until: 0 })({ ...stage, begin: () => undefined });
    return { ...end, summary: 'hunter2', notes: ['hunter2!'] };
  };
  const options = { runLoop, redactor: plainRedactor('hunter2') };
  const outcome = await rig.run([pipeline('p', loop)], options);
  expect(outcome.status).toBe('succeeded');
  expect(heard.raw.match(/hunter2/g)).toHaveLength(2);
  expect(heard.filtered.match(/\[REDACTED\]/g)).toHaveLength(2);
  for (const path of await rig.list('.runs')) {
    expect(await rig.read(path), path).not.toContain('hunter2');
  }
  const [, , iteration] = (await journalOf(outcome)).filter(({ type }) => /^(loop|run)/.test(type));
  expect(iteration).toMatchObject({ facts: { list: [{ id: '[REDACTED]' }], paths: { a: 'b' } } });
  expect(outcome.manifest.commands[0]?.summary).toBe('[REDACTED]');
  expect(outcome.manifest.privacy).toMatchObject({
    decisions: [{ rule: 'word', count: 3, stage_id: 'loop' }],
    totals: { redacted_frames: 3 },
  });
});

test('a listener of raw output that throws is a problem of the process, not its end', async () => {
  await using rig = await createRunRig();
  let calls = 0;
  let found: unknown;
  const outcome = await rig.run([pipeline('p', loop)], {
    runLoop: async (stage) => {
      const onRawOutput = (): void => {
        calls++;
        throw new Error('deaf');
      };
      const result = await stage.run('echo one; echo two', { onRawOutput });
      found = { text: result.stdout.text, problems: result.problems };
      return fakeLoop()(stage);
    },
  });
  expect(outcome.status).toBe('succeeded');
  expect(calls).toBe(1);
  expect(found).toEqual({
    text: 'one\ntwo\n',
    problems: [{ where: 'onOutput', error: new Error('deaf') }],
  });
});

test('a cancelled run ends the process of its loop, and the loop keeps what it had', async () => {
  await using rig = await createRunRig();
  const controller = new AbortController();
  let pid = 0;
  const outcome = await rig.run([pipeline('p', loop)], {
    signal: controller.signal,
    runLoop: fakeLoop({ lineOf: (n) => (n === 1 ? 'echo 1' : 'exec sleep 1000') }),
    observer: {
      onEvent: (event) => {
        if (event.type !== 'stage.spawned') return;
        if (pid !== 0)
          setImmediate(() => {
            controller.abort('SIGINT');
          });
        pid = event.pid;
      },
    },
  });
  expect(outcome.status).toBe('cancelled');
  expect(isAlive(pid)).toBe(false);
  expect(verdicts(outcome)).toEqual({ loop: 'cancelled (run-cancelled)' });
  expect(outcome.manifest.commands[0]).toMatchObject({ exit_code: 130, loop: { iterations: 1 } });
  expect(await verifyRun(outcome.layout)).toMatchObject({ verdict: 'intact', remarks: [] });
});

test('a loop whose runner throws when the deadline passes was cancelled by it', async () => {
  await using rig = await createRunRig();
  const stages = { ...pipeline('p', loop), deadlineMs: 50 };
  const outcome = await rig.run([stages], {
    runLoop: async (stage) => {
      await stage.run('exec sleep 1000', {});
      throw new Error('stopped');
    },
  });
  expect(outcome.status).toBe('timed_out');
  expect(verdicts(outcome)).toEqual({ loop: 'cancelled (deadline-exceeded)' });
});

test('what a loop leaves running is ended with it, and nothing is started after its end', async () => {
  await using rig = await createRunRig();
  let pid = 0;
  let left: LoopStage | undefined;
  let open: Promise<unknown> | undefined;
  const outcome = await rig.run([pipeline('p', loop)], {
    observer: {
      onEvent: (event) => {
        if (event.type === 'stage.spawned') pid ||= event.pid;
      },
    },
    runLoop: async (stage) => {
      left = stage;
      open = stage.run('exec sleep 1000', {});
      await waitUntil(() => pid !== 0);
      return fakeLoop()(stage);
    },
  });
  expect(outcome.status).toBe('succeeded');
  expect(isAlive(pid)).toBe(false);
  expect(await open).toMatchObject({ outcome: { kind: 'cancelled' } });
  await expect(left?.run('true', {})).rejects.toMatchObject({ code: 'STAGE_ENDED' });
});

test('a signal of its own ends one process and not the loop', async () => {
  await using rig = await createRunRig();
  let ended: unknown;
  const outcome = await rig.run([pipeline('p', loop)], {
    runLoop: async (stage) => {
      const controller = new AbortController();
      const onOutput = (): void => {
        controller.abort('enough');
      };
      ended = (await stage.run('echo up; exec sleep 1000', { signal: controller.signal, onOutput }))
        .outcome;
      expect(stage.signal.aborted).toBe(false);
      return fakeLoop()(stage);
    },
  });
  expect(ended).toMatchObject({ kind: 'cancelled', reason: 'enough' });
  expect(outcome.status).toBe('succeeded');
});

test.each([
  [
    'begins twice',
    (stage: LoopStage) => {
      stage.begin({});
      stage.begin({});
    },
    /it has begun already/,
  ],
  [
    'has not begun',
    (stage: LoopStage) => {
      stage.iterated(1, {}, []);
    },
    /before it has begun/,
  ],
  [
    'repeats an iteration',
    (stage: LoopStage) => {
      stage.begin({});
      stage.iterated(1, {}, []);
      stage.iterated(1, {}, []);
    },
    /iteration 1 follows iteration 1/,
  ],
  [
    'names a file of somebody else',
    (stage: LoopStage) => {
      stage.begin({});
      stage.iterated(1, {}, [{ path: 'commands/x', bytes: 0, sha256: '0'.repeat(64) }]);
    },
    /"commands\/x" is not below rlm\//,
  ],
  [
    'says more than a line holds',
    (stage: LoopStage) => {
      stage.begin({ text: 'x'.repeat(4 * 1024 * 1024) });
    },
    /more than 4194304/,
  ],
] as const)('a loop that %s is not recorded further', async (_, state, message) => {
  await using rig = await createRunRig();
  const outcome = await rig.run([pipeline('p', loop)], {
    runLoop: (stage) => {
      state(stage);
      return fakeLoop()(stage);
    },
  });
  expect(outcome.manifest.commands[0]?.reason).toMatch(message);
  expect(await verifyRun(outcome.layout)).toMatchObject({ verdict: 'intact' });
});

test.skipIf(process.platform === 'win32').each(['mkfifo', 'ln -s "$PWD/precious"'])(
  'what an earlier stage put in the place of its log (%s) is not written through',
  async (trap) => {
    await using rig = await createRunRig();
    await rig.write({ precious: 'kept' });
    const plant = command('plant', `${trap} "$CODEX_ORCHESTRATOR_RUN_DIR/commands/02-loop.log"`);
    const { status, manifest } = await rig.run([pipeline('p', plant, loop)], {
      runLoop: fakeLoop(),
    });
    expect(status).toBe('succeeded');
    expect(await rig.read('precious')).toBe('kept');
    expect(await rig.read(manifest.commands[1]?.log_path ?? '')).toContain('the loop begins');
  },
);
