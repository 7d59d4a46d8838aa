import { symlink } from 'node:fs/promises';

import { systemClock } from '@codex-orchestrator/core';
import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { call, jsonLines, onlyJson } from './call.js';
import { experience, json, later, linesOf, logPath, recordOf } from './experience-rig.js';

const five = [1, 2, 3, 4, 5].map((number) => recordOf(number));
const token = `ghp_${'a1B2c3D4e5F6'.repeat(3)}`;
const idOf = (number: number): string => String(five[number - 1]?.['id']);

test('audit names what is wrong, where, and the command that mends it', async () => {
  await using rig = await createRig();
  const twin = recordOf(6, { summary32: five[0]?.['summary32'] });
  const lines = linesOf(...five, '{ torn', recordOf(1), recordOf(7, { taskId: 'u' }), twin);
  await rig.write({ [logPath]: lines, 'out/t/experiences.top.json': '{' });
  const result = await experience(rig, ['audit', '--format=json']);
  expect(result.exitCode).toBe(0);
  const offset = Buffer.byteLength(linesOf(...five));
  expect(onlyJson(result)).toMatchObject({
    status: 'warning',
    tasks: [
      {
        task_id: 't',
        findings: [
          {
            severity: 'warning',
            code: 'LINE_UNREADABLE',
            count: 1,
            examples: [`line 6, byte ${offset}: it is not a JSON object`],
            fix: 'codex-orchestrator experience gc --dry-run --task t',
          },
          { code: 'TASK_MISPLACED', count: 1 },
          { code: 'ID_REPEATED', count: 1 },
          { severity: 'info', code: 'EVIDENCE_NONE', count: 6 },
          { severity: 'info', code: 'INDEX_REFUSED', count: 1 },
          { severity: 'info', code: 'DUPLICATE', count: 1 },
        ],
        figures: { records: 6, never_used: 6, domain_count: 1, index: { state: 'refused' } },
      },
    ],
  });
  const { stdout } = await experience(rig, ['audit']);
  expect(stdout).toMatch(/^Status: warning\nTask t: 6 experiences, 6 never used, 0 notes, /);
  expect(stdout).toContain('  Domains: build 6\n');
  expect(stdout).toContain('  warning  LINE_UNREADABLE (1): lines that are no ');
});

test('audit exits 1 where a secret is in a log, names the records and never the secret', async () => {
  await using rig = await createRig();
  const leaking = recordOf(2, { summary32: `Use ${token} for the registry` });
  await rig.write({ [logPath]: linesOf(recordOf(1), leaking) });
  const result = await experience(rig, ['audit', '--format=json']);
  expect(result.exitCode).toBe(1);
  expect(onlyJson(result)).toMatchObject({
    status: 'error',
    tasks: [
      {
        findings: [
          {
            severity: 'error',
            code: 'SECRET',
            count: 1,
            examples: [leaking['id']],
            fix: `codex-orchestrator experience forget ${idOf(2)} --task t`,
          },
          { code: 'EVIDENCE_NONE' },
        ],
      },
    ],
  });
  expect(result.stdout).not.toContain(token);
  expect(await experience(rig, ['forget', idOf(2)])).toMatchObject({ exitCode: 0 });
  expect(await rig.read(logPath)).not.toContain(token);
  expect((await experience(rig, ['audit'])).exitCode).toBe(0);
});

test('audit of all tasks looks at each folder with experiences, and opens no evidence outside', async () => {
  await using rig = await createRig();
  await using outside = await createRig();
  await outside.write({ 'manifest.json': '{}' });
  const evidence = (path: string): Readonly<Record<string, unknown>> => ({
    evidence: { path, sha256: 'a'.repeat(64) },
  });
  await rig.write({
    [logPath]: linesOf(recordOf(1, evidence(outside.path('manifest.json')))),
    'out/u/experiences.jsonl': linesOf(recordOf(2, { taskId: 'u', ...evidence('link.json') })),
    'out/v/other.txt': '',
  });
  await symlink(outside.path('manifest.json'), rig.path('link.json'));
  const { tasks } = await json(rig, ['audit', '--all-tasks']);
  const broken = [{ code: 'EVIDENCE_BROKEN', count: 1 }];
  expect(tasks).toMatchObject([
    { task_id: 't', findings: broken },
    { task_id: 'u', findings: broken },
  ]);
  expect(JSON.stringify(tasks)).toContain('link.json is missing');
});

test('gc says first what would go, and takes it out only with --yes', async () => {
  await using rig = await createRig();
  const twin = recordOf(6, { summary32: five[0]?.['summary32'] });
  const noise = recordOf(7, { summary32: 'Command completed with exit code 0' });
  const before = linesOf(...five, '{ torn', twin, noise);
  await rig.write({ [logPath]: before });
  const dry = await experience(rig, ['gc', '--dry-run', '--boilerplate', '--keep-per-domain=3']);
  expect(dry.exitCode).toBe(0);
  expect(dry.stdout).toMatch(/^Would take out 1: /m);
  expect(dry.stdout).toMatch(/^Would go from 7 experiences to 3, .*; do it with --yes\n$/m);
  expect(await rig.read(logPath)).toBe(before);
  const refused = await experience(rig, ['gc']);
  expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
  expect(refused.stderr).toContain('codex-orchestrator experience gc --dry-run');
  const done = await json(rig, ['gc', '--yes', '--boilerplate', '--keep-per-domain=3']);
  expect(done).toMatchObject({
    task_id: 't',
    dry_run: false,
    is_replaced: true,
    records_before: 7,
    records_after: 3,
    bytes_before: Buffer.byteLength(before),
  });
  const reasons = (done['removed'] as { reason: string }[]).map(({ reason }) => reason);
  expect(reasons.sort()).toStrictEqual(['beyond-best', 'boilerplate', 'duplicate', 'unreadable']);
  expect((await experience(rig, ['gc', '--yes'])).stdout).toBe('Nothing to take out\n');
  expect(await json(rig, ['list'])).toMatchObject({ total: 3 });
});

test('gc takes old records that were of no use, and never pinned ones', async () => {
  await using rig = await createRig();
  await rig.write({ [logPath]: linesOf(...five) });
  expect((await experience(rig, ['pin', idOf(1)])).stdout).toBe(`Pinned: ${idOf(1)} (build)\n`);
  expect(await json(rig, ['pin', idOf(1)])).toMatchObject({ pinned: true, is_unchanged: true });
  // Seven days before the clock of these tests is 2026-01-05.
  await json(rig, ['gc', '--yes', '--older-than-days=7']);
  const { records } = await json(rig, ['list']);
  expect(records).toMatchObject([{ id: idOf(5) }, { id: idOf(1), pinned: true }]);
  expect(await json(rig, ['unpin', idOf(1)])).toMatchObject({ pinned: false, is_unchanged: false });
  expect(await json(rig, ['gc', '--yes', '--older-than-days=7'])).toMatchObject({
    records_after: 1,
  });
});

test('forget takes all ids or none, and no look-up finds them after', async () => {
  await using rig = await createRig();
  await rig.write({ [logPath]: linesOf(...five) });
  await json(rig, ['top', '--domain=build']);
  const refused = await experience(rig, ['forget', idOf(5), 'absent']);
  expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
  expect(refused.stderr).toContain('There is no experience "absent"');
  expect(await json(rig, ['list'])).toMatchObject({ total: 5 });
  const text = String(five[4]?.['summary32']);
  expect(await json(rig, ['forget', idOf(5), idOf(3)])).toStrictEqual({
    task_id: 't',
    forgotten: [
      { id: idOf(3), domain: 'build' },
      { id: idOf(5), domain: 'build' },
    ],
    blanked_lines: 2,
  });
  expect(await rig.read(logPath)).not.toContain(text);
  const { stdout } = await experience(rig, ['top', '--domain=build']);
  expect(stdout).toContain(idOf(4));
  expect(stdout).not.toContain(idOf(5));
});

test('what is exported can be imported elsewhere, once', async () => {
  await using rig = await createRig();
  await rig.write({ [logPath]: linesOf(...five, recordOf(6, { domain: 'test' }), '{ torn') });
  await json(rig, ['pin', idOf(1)]);
  const lines = jsonLines(await experience(rig, ['export']));
  expect(lines).toHaveLength(6);
  expect(lines[0]).toMatchObject({ ...five[0], pinned: true });
  expect(await json(rig, ['export', '--domain=test'])).toMatchObject([{ domain: 'test' }]);
  const written = await experience(rig, ['export', '--to=e.jsonl']);
  expect(written.stdout).toMatch(/^Written: \S+e\.jsonl \(6 experiences, /);
  expect(jsonLines({ ...written, stdout: await rig.read('e.jsonl') })).toStrictEqual(lines);
  const there = { cwd: rig.root, clock: later };
  const argv = ['experience', 'import', 'e.jsonl', '--task=u'];
  expect((await call(argv, there)).stdout).toBe('Imported: 6 experiences\n');
  expect((await call(argv, there)).stdout).toBe(
    'Imported: 0 experiences\nKnown already: 6 experiences\n',
  );
  const listed = await call(['experience', 'list', '--task=u', '--format=json'], there);
  expect(onlyJson(listed)).toMatchObject({ total: 6 });
  expect((await rig.list()).filter((path) => path.endsWith('.part'))).toStrictEqual([]);
});

test('an import redacts, and names the lines that it cannot take', async () => {
  await using rig = await createRig();
  const leaking = recordOf(1, { summary32: `Use ${token} for the registry` });
  const tooLong = JSON.stringify(recordOf(3, { summary32: 'x'.repeat(3_000_000) }));
  const stdin = `${linesOf(leaking, '{ torn', tooLong)}${JSON.stringify(recordOf(2))}`;
  const result = await experience(rig, ['import', '-', '--format=json'], { stdin });
  expect(result.exitCode).toBe(0);
  expect(onlyJson(result)).toMatchObject({
    imported: 2,
    bad_lines: 2,
    problems: [
      { line: 2, reason: 'it is not a JSON object' },
      { line: 3, reason: 'it is too long' },
    ],
  });
  const log = await rig.read(logPath);
  expect(log).not.toContain(token);
  expect(log).toContain('for the registry');
});

test('an export that fails leaves neither half a file nor the old one spoilt', async () => {
  await using rig = await createRig();
  await rig.write({ [logPath]: linesOf(...five), 'folder/x': '', 'e.jsonl': 'mine' });
  expect(await json(rig, ['export', '--to=folder'])).toMatchObject({
    error: { code: expect.stringMatching(/^E/) as string },
    exit_code: 3,
  });
  expect(await json(rig, ['export', '--to=absent/e.jsonl'])).toMatchObject({
    error: { code: 'ENOENT' },
    exit_code: 3,
  });
  expect((await experience(rig, ['export', '--to=e.jsonl'])).exitCode).toBe(0);
  expect(jsonLines({ exitCode: 0, stderr: '', stdout: await rig.read('e.jsonl') })).toHaveLength(5);
  expect((await rig.list()).filter((path) => path.endsWith('.part'))).toStrictEqual([]);
});

test('a signal ends a long list, and progress is taken away again', async () => {
  await using rig = await createRig();
  const ballast = 'x '.repeat(400);
  const many = Array.from({ length: 5000 }, (_, at) =>
    recordOf(1, { id: `exp-${at}`, summary32: ballast }),
  );
  await rig.write({ [logPath]: linesOf(...many) });
  // Every look at this clock is a second later: progress is shown at once.
  let elapsedMs = 0;
  const clock = { ...systemClock, monotonicMs: () => (elapsedMs += 1000) };
  let shown = '';
  const result = await experience(rig, ['list'], {
    clock,
    isTTY: true,
    onError(text, send) {
      shown += text;
      send('SIGINT');
    },
  });
  expect(result).toMatchObject({ exitCode: 130, stdout: 'Interrupted\n' });
  const [, drawn, ...behind] = shown.split('\r\u001b[2K');
  expect(drawn).toMatch(/^Reading: .* of 5\.\d MB \(\d+%\)$/);
  expect(behind).toStrictEqual(['']);
});

test('doctor looks at logs, indexes, packs and instructions without reading a log to its end', async () => {
  await using rig = await createRig();
  const checks = async (): Promise<
    Record<string, { status: string; message: string; hint?: string }>
  > => {
    const answer = onlyJson(await call(['doctor', '--format=json'], { cwd: rig.root }));
    const rows = answer['checks'] as { id: string; status: string; message: string }[];
    return Object.fromEntries(rows.map((row) => [row.id, row]));
  };
  expect(await checks()).toMatchObject({
    experiences: { status: 'ok', message: 'none yet' },
    'prompt-packs': { status: 'ok', message: 'none' },
    instructions: { status: 'ok', message: 'none' },
  });
  await rig.write({ [logPath]: linesOf(...five), 'AGENTS.md': '# Rules\n' });
  await json(rig, ['top', '--domain=build']);
  expect(await checks()).toMatchObject({
    experiences: { status: 'ok', message: '1 task with experiences' },
    instructions: {
      status: 'warning',
      message: 'AGENTS.md: STAMP_MISSING',
      hint: 'codex-orchestrator instructions check',
    },
  });
  await rig.write({
    [logPath]: `${await rig.read(logPath)}{ torn\n`,
    'out/u/experiences.jsonl': linesOf(recordOf(1, { taskId: 'u' })),
    'out/u/experiences.top.json': '{',
    '.agent/prompts/prompt-packs/one/manifest.json': '{',
  });
  expect(await checks()).toMatchObject({
    experiences: {
      status: 'warning',
      message: 't: 1 line at the end that cannot be read; u: an index that cannot be used',
      hint: 'codex-orchestrator experience audit --task t',
    },
    'prompt-packs': { status: 'warning', hint: 'codex-orchestrator packs check' },
  });
});
