import { symlink, writeFile } from 'node:fs/promises';

import { expect, test } from 'vitest';

import { diffBudget } from '../../src/diff-budget/diff-budget.js';
import type { GatePorts } from '../../src/gate/gate-ports.js';
import { createGateRig } from '../gate-rig.js';
import { recordGit } from '../repository/recorded-git.js';

const budget = (section: object): Partial<GatePorts> => ({ settings: { 'diff-budget': section } });

test('A change within its budget passes, and what nobody committed counts', async () => {
  await using rig = await createGateRig();
  await rig.write('a', 'one\n');
  const first = rig.commit('first');
  await rig.write('a', 'two\n');
  rig.commit('second');
  await rig.write('new', 'one\ntwo\nthree');
  await rig.write('image', Buffer.from([1, 0, 10]));
  await symlink('a', rig.rig.path('link'));
  for (const path of ['yarn.lock', 'part/package-lock.json', 'dist/x.js', 'part/node_modules/x']) {
    await rig.write(path, 'one\n');
  }
  const { ports, commands } = recordGit(rig.ports({ options: { base: first } }));
  const result = await diffBudget(ports);
  expect(result).toMatchObject({
    gate: 'diff-budget',
    outcome: 'passed',
    passes: true,
    findings: [],
    lines: [`✅ Diff budget: OK (base=${first}, files=4/25, lines=6/800, +5/-1)`],
    override: null,
    facts: { base_commit: first, base_source: '--base', files: 4, lines: 6, ignored_files: 4 },
  });
  expect(result.facts['largest']).toEqual([
    { path: 'new', lines: 3 },
    { path: 'a', lines: 2 },
    { path: 'link', lines: 1 },
    { path: 'image', lines: 0 },
  ]);
  expect(commands.sort()).toEqual(['diff', 'ls-files', 'rev-parse']);

  const exact = await rig.run(diffBudget, budget({ maxFiles: 4, maxLines: 6, base: first }));
  expect(exact.outcome).toBe('passed');
  const commit = await rig.run(diffBudget, { options: { commit: 'HEAD' } });
  expect(commit.lines).toEqual([
    '✅ Diff budget: OK (commit=HEAD, files=1/25, lines=2/800, +1/-1)',
  ]);
});

test('A change beyond its budget fails with its largest files, unless somebody says why', async () => {
  await using rig = await createGateRig();
  const base = rig.commit('first');
  for (let size = 1; size <= 12; size += 1) {
    await rig.write(`file-${String(size).padStart(2, '0')}`, 'x\n'.repeat(size));
  }
  await rig.write('zz\n', 'x\n'.repeat(20));
  const failed = await rig.run(diffBudget, budget({ maxFiles: 3, maxLines: 97 }));
  expect(failed).toMatchObject({
    outcome: 'failed',
    passes: false,
    findings: [
      { rule: 'too-many-files', message: expect.stringContaining('13 files, 10 more') as string },
      { rule: 'too-many-lines', message: expect.stringContaining('98 lines, 1 more') as string },
    ],
  });
  expect(failed.lines.slice(0, 6)).toEqual([
    `❌ Diff budget exceeded (base=${base})`,
    ' - changed files 13 > 3',
    ' - total lines changed 98 > 97',
    'Top changed files:',
    '  - "zz\\n": 20',
    '  - file-12: 12',
  ]);
  expect(failed.lines.filter((line) => line.startsWith('  - '))).toHaveLength(10);

  const environment = {
    ...rig.ports().environment,
    DIFF_BUDGET_OVERRIDE_REASON: `  moved\n a lot ${'y'.repeat(1000)}`,
  };
  const overridden = await rig.run(diffBudget, { ...budget({ maxFiles: 3 }), environment });
  expect(overridden).toMatchObject({ outcome: 'overridden', passes: true });
  expect(overridden.lines[0]).toBe(`⚠️ Diff budget exceeded (override applied) (base=${base})`);
  expect(overridden.findings).toMatchObject([{ rule: 'too-many-files' }]);
  expect(overridden.override).toMatch(/^moved a lot y+$/);
  expect(overridden.override).toHaveLength(500);
  expect((await rig.run(diffBudget, { environment })).override).toBeNull();
  const blank = { ...environment, DIFF_BUDGET_OVERRIDE_REASON: ' \n' };
  const still = await rig.run(diffBudget, { ...budget({ maxFiles: 3 }), environment: blank });
  expect(still.outcome).toBe('failed');
});

test('A new file that is too large or cannot be read fails the gate', async () => {
  await using rig = await createGateRig();
  rig.commit('first');
  await rig.write('fits', 'x'.repeat(10));
  await rig.write('large', 'x'.repeat(11));
  const place = Buffer.concat([Buffer.from(`${rig.root}/`), Buffer.from([0x66, 0xff])]);
  // A name that is no UTF-8 cannot be opened by its text.
  await writeFile(place, '');
  const result = await rig.run(diffBudget, budget({ maxUntrackedBytes: 10 }));
  expect(result).toMatchObject({
    outcome: 'failed',
    findings: [
      { rule: 'untracked-unreadable', file: 'f\uFFFD' },
      { rule: 'untracked-too-large', file: 'large' },
    ],
    facts: { files: 3, lines: 1 },
  });
  expect(result.lines).toContain(' - untracked files could not be measured: 2');
  expect(result.lines).toContain('  - large: too large to measure (11 bytes)');
  expect(result.lines).toContain('  - large: 0 (binary/unknown)');
  expect(result.lines).toContain('  - f\uFFFD: unreadable');
});

test('What was moved out of a folder that counts counts, and folders of results do not', async () => {
  await using rig = await createGateRig();
  await rig.write('src/a', 'one\ntwo\nthree\n');
  await rig.write('dist/b', 'four\nfive\nsix\n');
  rig.commit('first');
  await rig.write('dist/c', '');
  rig.git('mv', 'src/a', 'dist/a');
  rig.git('mv', 'dist/b', 'dist/moved');
  await rig.write('results (1)/x', 'one\n');
  await rig.write('results 1/x', 'one\n');
  const result = await rig.run(diffBudget, { outDir: rig.rig.path('results (1)') });
  expect(result.facts).toMatchObject({ files: 2, ignored_files: 3 });
  expect(result.facts['largest']).toMatchObject([{ path: 'results 1/x' }, { path: 'dist/a' }]);
});

test('Without a verdict there is no pass', async () => {
  await using rig = await createGateRig();
  rig.commit('first');
  const environment = { ...rig.ports().environment, DIFF_BUDGET_OVERRIDE_REASON: 'because' };
  for (const options of [{ base: 'nowhere' }, { commit: 'nowhere' }]) {
    await expect(rig.run(diffBudget, { options, environment })).rejects.toMatchObject({
      code: 'INVALID_BASE',
    });
  }
});
