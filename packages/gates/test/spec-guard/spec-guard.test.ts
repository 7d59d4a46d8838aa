import { symlink } from 'node:fs/promises';

import { createManualClock } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import type { GatePorts } from '../../src/gate/gate-ports.js';
import { matchGlobs } from '../../src/repository/match-globs.js';
import { defaultCode } from '../../src/spec-guard/spec-guard-settings.js';
import { specGuard } from '../../src/spec-guard/spec-guard.js';
import { createGateRig } from '../gate-rig.js';
import { recordGit } from '../repository/recorded-git.js';

const spec = (date: string): string => `---\nlast_review: ${date}\n---\n# Spec\n`;

/** At noon of a day in UTC. */
function on(day: string): Partial<GatePorts> {
  return { clock: createManualClock(Date.parse(`${day}T12:00:00Z`)) };
}

const today = on('2026-03-31');

test('Code that changed without a spec fails the gate, committed or not, until a spec changes too', async () => {
  await using rig = await createGateRig();
  await rig.write('tasks/specs/a.md', spec('2026-03-30'));
  await rig.write('tasks/specs/b.md', spec('2026-03-30'));
  await rig.write('src/a.ts', '');
  await rig.write('lib/gone.py', '');
  const base = rig.commit('base');
  await rig.write('README.md', '');
  await rig.write('src/a.test.ts', '');
  const { ports, commands } = recordGit(rig.ports(today));
  expect(await specGuard(ports)).toMatchObject({
    gate: 'spec-guard',
    outcome: 'passed',
    passes: true,
    lines: ['✅ Spec guard: OK'],
    facts: { base, base_source: 'root-commit', code_files: 0, specs: 2, max_age_days: 30 },
  });
  expect(commands.filter((name) => name === 'diff' || name === 'ls-files')).toHaveLength(3);

  await rig.write('src/ä "b"\n.ts', '');
  rig.commit('work');
  await rig.write('src/a.ts', 'changed\n');
  rig.remove('lib/gone.py');
  for (let at = 0; at < 9; at += 1) await rig.write(`cmd/${String(at)}.go`, '');
  // A spec that is gone describes nothing.
  rig.remove('tasks/specs/b.md');
  const failed = await rig.run(specGuard, today);
  expect(failed).toMatchObject({ outcome: 'failed', passes: false });
  expect(failed.findings).toMatchObject([{ rule: 'spec-missing', file: 'cmd/0.go', line: null }]);
  expect(failed.lines).toEqual([
    '❌ Spec guard: issues detected',
    expect.stringMatching(
      /^ - code changed but no spec did: cmd\/0\.go, .*, lib\/gone\.py and 2 more$/,
    ),
  ]);

  await rig.write('tasks/specs/c.md', spec('2026-03-31'));
  expect(await rig.run(specGuard, today)).toMatchObject({ outcome: 'passed' });
  rig.remove('tasks/specs/c.md');
  await rig.write('tasks/index.json', '{}');
  expect(await rig.run(specGuard, today)).toMatchObject({ outcome: 'passed' });
  const settings = { 'spec-guard': { index: 'index.json', code: ['cmd/1.go', 'src/ä*'] } };
  const own = await rig.run(specGuard, { ...today, settings });
  expect(own.lines[1]).toBe(' - code changed but no spec did: cmd/1.go, "src/ä \\"b\\"\\n.ts"');
});

test('Each spec has to say when it was reviewed, and not too long ago', async () => {
  await using rig = await createGateRig();
  const specs = {
    'tasks/specs/a-fresh.md': spec('2026-03-01'),
    'tasks/specs/b-stale.md': spec('2026-02-28'),
    'tasks/specs/c-future.md': spec('2027-01-01'),
    'tasks/specs/d-none.md': '# Spec\nlast_reviewed: 2026-03-30\n',
    'tasks/specs/e-unreal.md': '\n  last_review: 2026-02-30\r\n',
    'tasks/specs/f-words.md': 'last_review: yesterday\nlast_review: 2026-03-30\n',
    'tasks/specs/g-quoted.md': "last_review: '2026-03-30'\n",
    'tasks/specs/h-deep/none.md': '',
    'docs/design/specs/empty.md': '',
  };
  for (const [path, text] of Object.entries(specs)) await rig.write(path, text);
  rig.commit('base');
  const result = await rig.run(specGuard, today);
  expect(result.findings.map(({ rule, file, line }) => [rule, file, line])).toEqual([
    ['spec-review-missing', 'docs/design/specs/empty.md', 1],
    ['spec-stale', 'tasks/specs/b-stale.md', 2],
    ['spec-review-missing', 'tasks/specs/d-none.md', 1],
    ['spec-review-invalid', 'tasks/specs/e-unreal.md', 2],
    ['spec-review-invalid', 'tasks/specs/f-words.md', 1],
  ]);
  expect(result.lines[2]).toBe(
    ' - tasks/specs/b-stale.md: last_review 2026-02-28 is 31 days old (at most 30)',
  );
  const settings = { 'spec-guard': { maxAgeDays: 31, specs: ['tasks/specs/b-*'] } };
  expect((await rig.run(specGuard, { ...today, settings })).outcome).toBe('passed');
});

test('A spec that cannot be read is a finding', async () => {
  await using rig = await createGateRig();
  await rig.write('tasks/specs/a.md', 'x'.repeat(4 * 1024 * 1024 + 1));
  await rig.write('tasks/specs/b.md', Buffer.from('\xff\nlast_review: 2026-03-30\n', 'latin1'));
  await symlink('/etc/hostname', rig.rig.path('tasks/specs/c.md'));
  rig.commit('base');
  const result = await rig.run(specGuard, today);
  expect(result.findings).toMatchObject([
    { rule: 'document-too-large', file: 'tasks/specs/a.md' },
    { rule: 'spec-unreadable', file: 'tasks/specs/c.md' },
  ]);
});

test('A repository that has nothing to do with specs passes and says so, but not by deleting them', async () => {
  await using rig = await createGateRig();
  await rig.write('src/a.ts', '');
  await rig.write('tasks/index.json', '{}');
  rig.commit('base');
  rig.remove('tasks');
  await rig.write('src/a.ts', 'changed\n');
  expect(await rig.run(specGuard)).toMatchObject({ outcome: 'failed' });
  rig.git('checkout', '-q', '--orphan', 'other');
  rig.commit('base');
  await rig.write('src/a.ts', 'changed again\n');
  expect(await rig.run(specGuard)).toMatchObject({
    outcome: 'not_applicable',
    passes: true,
    lines: ['Spec guard: not applicable (no specs, no tasks/index.json, no settings)'],
    warnings: [],
  });
  const asked = { settings: { 'spec-guard': {} } };
  expect(await rig.run(specGuard, asked)).toMatchObject({ outcome: 'failed' });
  const unknown = await rig.run(specGuard, { options: { base: 'nowhere' } });
  expect(unknown.warnings).toEqual([expect.stringContaining('"nowhere" (--base)')]);

  await using plain = await createGateRig({ git: false });
  expect(await plain.run(specGuard)).toMatchObject({ outcome: 'not_applicable' });
  await plain.write('tasks/index.json', '{}');
  await expect(plain.run(specGuard)).rejects.toMatchObject({ code: 'NOT_A_REPOSITORY' });
});

test('What is code is known for the usual layouts', () => {
  const isCode = matchGlobs(defaultCode);
  const code = [
    ['src/index.ts', 'packages/core/src/errors.ts', 'bin/cli.mjs', 'app/page.tsx', 'src/data.json'],
    ['setup.py', 'package/__init__.py', 'manage.py', 'latest/contest.py'],
    ['main.go', 'internal/x/y.go', 'cmd/tool/main.go'],
    ['src/lib.rs', 'crates/a/src/main.rs', 'build.rs'],
    ['src/main/java/org/example/App.java', 'src/main/resources/app.yml', 'app/Main.kt'],
    ['db/migrations/001.sql', 'api/migrations/0001_initial.up', 'server/.hidden/x'],
  ].flat();
  const rest = [
    ['README.md', 'docs/a.py', 'src/README.md', 'tasks/x.ts', 'package.json'],
    ['src/a.test.ts', 'test/a.ts', 'packages/a/test/b.ts', 'src/__tests__/a.js', 'e2e/a.ts'],
    ['tests/test_a.py', 'package/test_a.py', 'package/conftest.py', 'x/y_test.go', 'spec/a.rb'],
    ['src/test/java/org/example/AppTest.java', 'AppTests.kt', 'internal/x/testdata/a.go'],
    ['dist/a.js', 'packages/a/dist/a.js', 'node_modules/a/b.js', 'vendor/a/b.go', 'out/a.js'],
    ['api/a.pb.go', 'api/a_pb2.py', 'api/a_pb2_grpc.pyi', 'web/jquery.min.js', 'eslint.config.js'],
  ].flat();
  expect(code.filter((path) => !isCode(path))).toEqual([]);
  expect(rest.filter((path) => isCode(path))).toEqual([]);
});
