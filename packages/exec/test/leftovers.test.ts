import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { bundleChildProgram, createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { endLeftovers, findLeftovers, listProcessIds, runCommand } from '../src/index.js';
import { leaveBehind } from './killed-runner.js';
import { expectGone, isRunning } from './processes.js';

const isLinux = process.platform === 'linux';

/** No other test, and no other run of this one, has the same. */
function uniqueMarker(): { name: string; value: string } {
  return { name: 'LEFT_BY', value: `${process.pid}-${performance.now()}` };
}

function asEnvironment({ name, value }: { name: string; value: string }): Record<string, string> {
  return { [name]: value };
}

test.skipIf(!isLinux)('a child of a killed runner is known by its start and ended', async () => {
  using left = await leaveBehind({ plain: 'echo plain=$$; exec sleep 100' }, { labels: ['plain'] });
  const pid = left.pid('plain');
  const groups = Object.values(left.groups);
  expect(findLeftovers({ groups })).toEqual([
    { processGroup: pid, pids: [pid], command: 'sleep 100', identifiedBy: 'start-time' },
  ]);
  expect(await endLeftovers({ groups })).toEqual([
    { processGroup: pid, pids: [pid], outcome: 'terminated' },
  ]);
  await expectGone(pid);
  expect(await endLeftovers({ groups })).toEqual([]);
});

test.skipIf(!isLinux)('a grandchild that left its group is known by its environment', async () => {
  const marker = uniqueMarker();
  using left = await leaveBehind(
    { escaper: 'setsid sh -c "echo escaped=\\$\\$; exec sleep 100" & echo leader=$$; wait' },
    { env: asEnvironment(marker), labels: ['escaped', 'leader'] },
  );
  const groups = Object.values(left.groups);
  const [escaped, leader] = [left.pid('escaped'), left.pid('leader')];
  expect(findLeftovers({ groups }).map(({ processGroup }) => processGroup)).toEqual([leader]);
  expect(findLeftovers({ groups, marker })).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ processGroup: leader, identifiedBy: 'start-time' }),
      {
        processGroup: escaped,
        pids: [escaped],
        command: 'sleep 100',
        identifiedBy: 'environment',
      },
    ]),
  );
  await endLeftovers({ groups, marker });
  await Promise.all([expectGone(escaped), expectGone(leader)]);
});

test.skipIf(!isLinux)(
  'a group without its leader is known by a member with the marker',
  async () => {
    const marker = uniqueMarker();
    // The second child has no environment: its group speaks for it. It waits for the leader's end.
    const bare = 'while kill -0 $0; do sleep 0.01; done; echo bare=$$; exec sleep 100';
    const script = `sleep 100 & echo orphan=$!; env -i sh -c '${bare}' $$ 2>/dev/null &`;
    using left = await leaveBehind(
      { orphan: script },
      { env: asEnvironment(marker), labels: ['orphan', 'bare'] },
    );
    const groups = Object.values(left.groups);
    expect(findLeftovers({ groups })).toEqual([]);
    const found = findLeftovers({ groups, marker });
    expect(found).toMatchObject([{ identifiedBy: 'environment' }]);
    expect(found[0]?.pids).toEqual([left.pid('orphan'), left.pid('bare')]);
    await endLeftovers({ groups, marker });
    await Promise.all([expectGone(left.pid('orphan')), expectGone(left.pid('bare'))]);
  },
);

test.skipIf(!isLinux)('a stranger that got the number of a group is not touched', async () => {
  const stranger = spawn('sleep', ['100'], { detached: true, stdio: 'ignore' });
  const search = {
    groups: [{ processGroup: Number(stranger.pid), leaderStartedAt: '1' }],
    marker: uniqueMarker(),
  };
  expect(findLeftovers(search)).toEqual([]);
  expect(await endLeftovers(search)).toEqual([]);
  expect(isRunning(Number(stranger.pid))).toBe(true);
  stranger.kill('SIGKILL');
  await once(stranger, 'exit');
});

test.skipIf(!isLinux)('a group whose start nobody noted needs the marker', async () => {
  const marker = uniqueMarker();
  using left = await leaveBehind(
    { plain: 'echo plain=$$; exec sleep 100' },
    { env: asEnvironment(marker), labels: ['plain'] },
  );
  const groups = [{ processGroup: left.pid('plain'), leaderStartedAt: null }];
  expect(findLeftovers({ groups })).toEqual([]);
  expect(findLeftovers({ groups, marker })).toMatchObject([{ identifiedBy: 'environment' }]);
});

test.skipIf(!isLinux)('stopped children are ended, and stubborn ones killed', async () => {
  using left = await leaveBehind(
    {
      stopped: 'trap "exit 0" TERM; echo stopped=$$; kill -STOP $$; sleep 100',
      stubborn: 'trap "" TERM; echo stubborn=$$; exec sleep 100',
    },
    { labels: ['stopped', 'stubborn'] },
  );
  const groups = Object.values(left.groups);
  const ended = await endLeftovers({ groups }, { graceMs: 1000 });
  expect(ended).toHaveLength(2);
  expect(ended).toEqual(
    expect.arrayContaining([
      { processGroup: left.pid('stopped'), pids: [left.pid('stopped')], outcome: 'terminated' },
      { processGroup: left.pid('stubborn'), pids: [left.pid('stubborn')], outcome: 'killed' },
    ]),
  );
  await Promise.all([expectGone(left.pid('stopped')), expectGone(left.pid('stubborn'))]);
});

test.skipIf(!isLinux)('a child that is started in answer to SIGTERM is ended as well', async () => {
  await using rig = await createRig();
  const marker = uniqueMarker();
  // Without a reader for its words, a shell dies of telling that its child was ended.
  const answer = `setsid sleep 100 & echo $! >${rig.path('head')}; exit`;
  using left = await leaveBehind(
    {
      hydra: `exec 2>/dev/null; trap '${answer}' TERM; echo hydra=$$; while :; do sleep 0.01; done`,
    },
    { env: asEnvironment(marker), labels: ['hydra'] },
  );
  const search = { groups: Object.values(left.groups), marker };
  const ended = await endLeftovers(search);
  const head = Number(await rig.read('head'));
  expect(ended.flatMap(({ pids }) => pids)).toEqual(
    expect.arrayContaining([left.pid('hydra'), head]),
  );
  await expectGone(head);
});

test.skipIf(!isLinux)('who ends leftovers spares itself, its ancestors and its group', async () => {
  const marker = uniqueMarker();
  const fixture = new URL('fixtures/sweep-own-kind.ts', import.meta.url);
  await using program = await bundleChildProgram(fixture);
  const sweep = `${process.execPath} ${program.path} ${marker.name} ${marker.value}`;
  // The shell in between leads the group; the sleeping one is its member, the outer one an ancestor.
  const inner = `sleep 100 & ${sweep}; echo sibling=$(kill -0 $! && echo alive); kill $!`;
  const result = await runCommand(`setsid -w sh -c '${inner}'; echo ancestor`, {
    env: { ...process.env, ...asEnvironment(marker) },
  });
  expect(result.stdout.text).toBe('[]\nsibling=alive\nancestor\n');
});

test('an option that is none is refused', async () => {
  await expect(endLeftovers({ groups: [] }, { graceMs: Number.NaN })).rejects.toMatchObject({
    code: 'INVALID_OPTION',
  });
});

test('where nothing was started nothing is left', async () => {
  expect(findLeftovers({ groups: [] })).toEqual([]);
  expect(await endLeftovers({ groups: [], marker: uniqueMarker() })).toEqual([]);
});

test.skipIf(!isLinux)('what ran before is not looked at, and what started since is', async () => {
  const marker = uniqueMarker();
  const script = 'setsid sh -c "echo escaped=\\$\\$; exec sleep 100" & echo leader=$$; wait';
  const options = { env: asEnvironment(marker), labels: ['escaped', 'leader'] };
  using earlier = await leaveBehind({ script }, options);
  const before = listProcessIds();
  expect(before).toContain(earlier.pid('escaped'));
  using left = await leaveBehind({ script }, options);
  const found = findLeftovers({ groups: [], marker, before }).flatMap(({ pids }) => pids);
  expect(found.sort()).toEqual([left.pid('leader'), left.pid('escaped')].sort());
  expect(isRunning(earlier.pid('escaped'))).toBe(true);
  await endLeftovers({ groups: [], marker });
  await Promise.all([expectGone(earlier.pid('escaped')), expectGone(left.pid('escaped'))]);
});
