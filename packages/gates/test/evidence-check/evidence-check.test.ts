import { symlinkSync } from 'node:fs';

import { createSeededRandom } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { evidenceCheck } from '../../src/evidence-check/evidence-check.js';
import type { GatePorts } from '../../src/gate/gate-ports.js';
import type { GateResult } from '../../src/gate/gate-result.js';
import { createGateRig } from '../gate-rig.js';
import type { GateRig } from '../gate-rig.js';
import { createRunsRig, runId } from '../tasks/recorded-runs-rig.js';
import type { RunsRig } from '../tasks/recorded-runs-rig.js';

interface EvidenceRig extends AsyncDisposable {
  readonly rig: GateRig;
  readonly runs: RunsRig;
  /** Writes the checklist of a task and checks it. */
  check(lines: readonly string[], overrides?: Partial<GatePorts>): Promise<GateResult>;
}

async function createEvidenceRig(): Promise<EvidenceRig> {
  const rig = await createGateRig({ git: false });
  const runs = createRunsRig(rig);
  return {
    rig,
    runs,
    async check(lines, overrides) {
      await rig.write('tasks/tasks-0939-a.md', ['# Task', '', ...lines, ''].join('\n'));
      return rig.run(evidenceCheck, { judgeRun: runs.judgeRun, ...overrides });
    },
    [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose](),
  };
}

/** Spares a process for each of many calls: what git does not know is walked. */
const noGit: GatePorts['git'] = () =>
  Promise.resolve({ exitCode: 127, output: '', complaint: 'no git', hasWords: false });

const shortOf = ({ findings }: GateResult): string[] =>
  findings.map(({ rule, file, line }) => `${file ?? ''}:${line ?? 0} ${rule}`);

test('evidence that is there, can be believed and says what is claimed passes', async () => {
  await using rig = await createEvidenceRig();
  const good = await rig.runs.record('0939-a', runId(1));
  const bad = await rig.runs.record('0939-a', runId(2), { status: 'failed' });
  await rig.rig.write('out/a/report.md', 'x');
  const result = await rig.check([
    `- [x] Works. Evidence: \`${good}\`, [report](../out/a/report.md)`,
    `- [x] Failed before. Evidence: \`${bad}\` (expected failure)`,
    `- [x] The folder of a run. Evidence: [run](../.runs/0939-a/cli/${runId(1)}/)`,
  ]);
  expect(result).toMatchObject({ outcome: 'passed', passes: true, findings: [], warnings: [] });
  expect(result.lines).toEqual(['✅ Evidence check: OK (4 link(s), 2 run(s), 1 document(s))']);
});

test('evidence that does not hold fails, each kind by its own rule and on its own line', async () => {
  await using rig = await createEvidenceRig();
  const failed = await rig.runs.record('0939-a', runId(2), { status: 'failed' });
  const changed = await rig.runs.record('0939-a', runId(3), { is_tampered: true });
  const copied = await rig.runs.record('0939-a', runId(4), { task_id: '0940-b' });
  const good = await rig.runs.record('0939-a', runId(5));
  await rig.rig.write('.runs/manifest.json', '{}');
  const result = await rig.check([
    `- [x] A. Evidence: \`.runs/0939-a/cli/${runId(1)}/manifest.json\``,
    `- [x] B. Evidence: \`${failed}\``,
    `- [x] C. Evidence: \`${changed}\` (failed)`,
    `- [x] D. Evidence: \`${copied}\``,
    `- [x] E. Evidence: \`${good}\` (failed)`,
    '- [x] F. Evidence: `.runs/manifest.json`, `.runs/0939-a`, `.runs/*/cli/x/manifest.json`',
    '- [x] G. Evidence: `../outside.json`, `/etc/passwd.txt`, `.runs/<task>/cli/<run>/manifest.json`',
    '- [x] H. Evidence: `out/none.md`',
  ]);
  expect(result).toMatchObject({ outcome: 'failed', passes: false });
  const at = (line: number, rule: string): string => `tasks/tasks-0939-a.md:${line} ${rule}`;
  expect(shortOf(result)).toEqual([
    at(3, 'evidence-missing'),
    at(4, 'evidence-outcome'),
    ...[at(5, 'evidence-unverified'), at(6, 'evidence-unverified'), at(7, 'evidence-outcome')],
    ...[8, 8, 8, 9, 9, 9].map((line) => at(line, 'evidence-invalid-path')),
    at(10, 'evidence-missing'),
  ]);
  expect(result.lines[0]).toBe('❌ Evidence check: issues detected');
  expect(result.lines[2]).toContain('tasks-0939-a.md:4: ');
  expect(result.findings[0]?.fix).toContain('task evidence');
});

test('what an open item links is warned of alone', async () => {
  await using rig = await createEvidenceRig();
  const failed = await rig.runs.record('0939-a', runId(2), { status: 'failed' });
  const result = await rig.check([
    `- [ ] A. Evidence: \`${failed}\`, \`out/none.md\`, \`.runs/<task>/cli/<run>/manifest.json\``,
  ]);
  expect(result).toMatchObject({ outcome: 'passed', passes: true });
  expect(result.warnings).toHaveLength(3);
});

test('a link that belongs to no item claims that the run is there, and what it states', async () => {
  await using rig = await createEvidenceRig();
  const failed = await rig.runs.record('0939-a', runId(2), { status: 'failed' });
  expect((await rig.check([`Evidence: \`${failed}\``])).passes).toBe(true);
  expect((await rig.check([`Evidence: \`${failed}\` (succeeded)`])).passes).toBe(false);
  expect((await rig.check([`Evidence: \`.runs/x/cli/y/manifest.json\``])).passes).toBe(false);
});

test('a run is judged once, however many documents link it', async () => {
  await using rig = await createEvidenceRig();
  const path = await rig.runs.record('0939-a', runId(1));
  const line = `- [x] A. Evidence: \`${path}\``;
  await rig.rig.write('docs/TASKS.md', `${line}\n${line}\n`);
  await rig.rig.write('.agent/task/0939-a.md', `- [x] A. Evidence: [run](../../${path})\n`);
  const result = await rig.check([line]);
  expect(result.facts).toEqual({ documents: 3, links: 4, runs: 1 });
  expect(rig.runs.judged).toEqual([path]);
});

test('documents without evidence are not judged; those that cannot be read fail', async () => {
  await using rig = await createEvidenceRig();
  expect(await rig.check(['- [x] A'])).toMatchObject({ outcome: 'not_applicable', passes: true });
  await rig.rig.write('docs/TASKS.md', ' '.repeat(4 * 1024 * 1024 + 1));
  symlinkSync('/etc/hostname', rig.rig.rig.path('tasks/tasks-0940-b.md'));
  const result = await rig.check(['- [x] A']);
  expect(shortOf(result)).toEqual([
    'docs/TASKS.md:0 document-too-large',
    'tasks/tasks-0940-b.md:0 document-unreadable',
  ]);
});

test('settings say which documents are looked at, and evidence behind a link out is none', async () => {
  await using rig = await createEvidenceRig();
  await using elsewhere = await createGateRig({ git: false });
  await elsewhere.write('report.md', 'x');
  symlinkSync(elsewhere.root, rig.rig.rig.path('away'));
  await rig.rig.write('notes/a.md', '- [x] A. Evidence: `away/report.md`\n');
  const settings = { 'evidence-check': { documents: ['notes/**'] } };
  const result = await rig.check(['- [x] B. Evidence: `none/x.md`'], { settings });
  expect(shortOf(result)).toEqual(['notes/a.md:1 evidence-invalid-path']);
});

test('no change of a checklist by chance makes its broken evidence hold while it is ticked and linked', async () => {
  await using rig = await createEvidenceRig();
  const random = createSeededRandom(11);
  const missing = '.runs/0939-a/cli/none/manifest.json';
  const fillers = ['\n', '- [ ] x\n', '`', '# y\n', '<!-- z -->', '> ', '(failed)', '  ', '[a](b)'];
  const [first = '', ...rest] = fillers;
  for (let round = 0; round < 60; round += 1) {
    const noise = (): string =>
      Array.from({ length: 6 }, () => random.pick([first, ...rest])).join('');
    const before = noise();
    // A lone backtick before would make code of all that follows in its paragraph.
    const lines = [before, '', `- [x] A. Evidence: \`${missing}\` ${noise()}`];
    const result = await rig.check(lines, { git: noGit });
    expect(result.passes, JSON.stringify({ round, before })).toBe(false);
  }
});
