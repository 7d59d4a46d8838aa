import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { printable } from '../src/render/printable.js';
import { call, onlyJson } from './call.js';
import type { CallResult } from './call.js';

const folder = '.agent/prompts/prompt-packs';

function packs(rig: Rig, ...argv: string[]): Promise<CallResult> {
  return call(['packs', ...argv], { cwd: rig.root });
}

async function json(rig: Rig, ...argv: string[]): Promise<Record<string, unknown>> {
  return onlyJson(await packs(rig, ...argv, '--format=json'));
}

/** Two packs without a stamp: `one` gives experiences to runs, `two` does not. */
async function writePacks(rig: Rig): Promise<void> {
  await rig.write({
    'prompts/one.md': 'Do one thing.\n',
    'prompts/two.md': 'Do two things.\n',
    [`${folder}/one/manifest.json`]: {
      id: 'one',
      domain: 'build',
      experienceSlots: 2,
      policy: 'diverse',
      system: 'prompts/one.md',
    },
    [`${folder}/two/manifest.json`]: {
      id: 'two',
      domain: 'test',
      system: 'prompts/two.md',
      inject: ['prompts/one.md'],
    },
  });
}

test('a repository without prompt packs is in order', async () => {
  await using rig = await createRig();
  expect(await packs(rig, 'list')).toStrictEqual({
    exitCode: 0,
    stdout: 'No prompt packs\n',
    stderr: '',
  });
  expect(await json(rig, 'check')).toStrictEqual({
    status: 'ok',
    packs: [],
    problems: [],
    problem_count: 0,
  });
  expect((await packs(rig, 'stamp', '--all')).stdout).toBe('Nothing to stamp\n');
  expect(await rig.list()).toStrictEqual([]);
});

test('a pack is refused until it is stamped, and again when a text of it has changed', async () => {
  await using rig = await createRig();
  await writePacks(rig);
  const unstamped = await packs(rig, 'check');
  expect(unstamped.exitCode).toBe(1);
  expect(unstamped.stdout).toMatch(/^Status: error\n {2}STAMP_MISSING: /);
  expect(unstamped.stdout).toContain('codex-orchestrator packs stamp one');
  expect((await packs(rig, 'stamp', '--all')).stdout).toBe(
    `Stamped: one (${folder}/one/manifest.json)\nStamped: two (${folder}/two/manifest.json)\n`,
  );
  const stamped = await packs(rig, 'check');
  expect(stamped).toMatchObject({
    exitCode: 0,
    stdout: 'Status: ok\n2 prompt packs looked at\n',
  });
  await rig.write({ 'prompts/two.md': 'Do three things.\n' });
  expect(await json(rig, 'check')).toMatchObject({
    status: 'error',
    packs: [
      { id: 'one', is_stamped: true },
      { id: 'two', is_stamped: false },
    ],
    problems: [{ code: 'STAMP_WRONG', pack: 'two', path: `${folder}/two/manifest.json` }],
    problem_count: 1,
  });
  expect((await packs(rig, 'check', 'one')).exitCode).toBe(0);
  expect((await packs(rig, 'check', 'one', 'two')).exitCode).toBe(1);
});

test('list shows what a run is given of each pack', async () => {
  await using rig = await createRig();
  await writePacks(rig);
  await packs(rig, 'stamp', 'one');
  const { stdout, exitCode } = await packs(rig, 'list');
  expect(exitCode).toBe(0);
  expect(stdout.split('\n').slice(0, 3)).toStrictEqual([
    'PACK  DOMAIN  SLOTS  POLICY   SOURCES  STAMP',
    'one   build       2  diverse        1  ok',
    'two   test        0  -              2  wrong',
  ]);
  expect(await json(rig, 'list')).toMatchObject({
    packs: [
      {
        id: 'one',
        domain: 'build',
        experience_slots: 2,
        policy: 'diverse',
        min_reward: null,
        is_stamped: true,
        manifest: `${folder}/one/manifest.json`,
        sources: [{ section: 'system', path: 'prompts/one.md' }],
      },
      { id: 'two', is_stamped: false },
    ],
    problems: [{ code: 'STAMP_MISSING' }],
    problem_count: 1,
  });
});

test('a dry run writes nothing and says what would be written', async () => {
  await using rig = await createRig();
  await writePacks(rig);
  const before = await rig.read(`${folder}/one/manifest.json`);
  const dry = await packs(rig, 'stamp', 'one', '--dry-run');
  expect(dry.stdout).toBe(`Would stamp: one (${folder}/one/manifest.json)\n`);
  expect(await rig.read(`${folder}/one/manifest.json`)).toBe(before);
  const done = await json(rig, 'stamp', 'one');
  expect(done).toMatchObject({
    dry_run: false,
    packs: [{ id: 'one', old_stamp: null, is_changed: true, is_written: true }],
    problems: [],
  });
  expect((await packs(rig, 'stamp', 'one')).stdout).toMatch(/^Is stamped: one /);
});

test('what cannot be stamped is named with its reason, and holds up no other pack', async () => {
  await using rig = await createRig();
  await writePacks(rig);
  await rig.write({
    [`${folder}/bad/manifest.json`]: { id: 'bad', domain: 'x', system: 'prompts/absent.md' },
    [`${folder}/torn/manifest.json`]: '{ torn',
  });
  const result = await packs(rig, 'stamp', '--all', '--format=json');
  expect(result.exitCode).toBe(1);
  expect(onlyJson(result)).toMatchObject({
    packs: [{ id: 'one' }, { id: 'two' }],
    problems: [
      { code: 'SOURCE_MISSING', pack: 'bad', path: 'prompts/absent.md' },
      { code: 'MANIFEST_UNREADABLE', pack: null },
    ],
  });
});

test('of many problems a hundred are listed, and all are counted', async () => {
  await using rig = await createRig();
  const inject = Array.from({ length: 150 }, (_, at) => `absent/${at}.md`);
  const manifest = { id: 'one', domain: 'x', system: 'absent/x.md', inject };
  await rig.write({ [`${folder}/one/manifest.json`]: manifest });
  const answer = await json(rig, 'check');
  expect(answer['problems']).toHaveLength(100);
  const count = Number(answer['problem_count']);
  expect(count).toBeGreaterThan(100);
  expect((await packs(rig, 'check')).stdout).toContain(`and ${count - 100} more problems\n`);
});

test.each([
  [['stamp'], 'USAGE'],
  [['stamp', 'one', '--all'], 'USAGE'],
  [['stamp', 'absent'], 'INVALID_OPTION'],
  [['check', 'absent'], 'USAGE'],
  [['list', 'one'], 'USAGE'],
])('%j is refused with %s, and nothing is written', async (argv, code) => {
  await using rig = await createRig();
  await writePacks(rig);
  const before = await rig.read(`${folder}/one/manifest.json`);
  const result = await packs(rig, ...argv, '--format=json');
  expect(result.exitCode).toBe(2);
  expect(onlyJson(result)).toMatchObject({ error: { code }, exit_code: 2 });
  expect(await rig.read(`${folder}/one/manifest.json`)).toBe(before);
});

test('an id that is nearly one of a pack is suggested', async () => {
  await using rig = await createRig();
  await writePacks(rig);
  const { stderr } = await packs(rig, 'check', 'ona');
  expect(stderr).toContain('Did you mean `one`?');
});

test('what a manifest says cannot paint the terminal', async () => {
  await using rig = await createRig();
  await rig.write({
    'a.md': 'text',
    [`${folder}/\u202ex/manifest.json`]: {
      id: 'i\u202ed',
      domain: 'd\u200b',
      system: 'absent\u2066.md',
    },
    [`${folder}/y/manifest.json`]: { id: 'o\u2066k', domain: '\u202ed', system: 'a.md' },
    [`${folder}/z/manifest.json`]: { id: '\u001b[2Jx', domain: 'd', system: '\u001b]0;t\u0007' },
  });
  for (const argv of [['list'], ['check'], ['stamp', '--all']]) {
    const { stdout, stderr } = await packs(rig, ...argv);
    expect(printable(stdout + stderr)).toBe(stdout + stderr);
  }
});
