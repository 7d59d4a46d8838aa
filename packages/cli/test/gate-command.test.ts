import { execFileSync } from 'node:child_process';

import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { printable } from '../src/render/printable.js';
import { call, onlyJson } from './call.js';
import type { CallOptions, CallResult } from './call.js';

function gate(
  rig: Rig,
  argv: readonly string[],
  options: Partial<CallOptions> = {},
): Promise<CallResult> {
  return call(['gate', ...argv], { cwd: rig.root, ...options });
}

function git(rig: Rig, ...args: readonly string[]): void {
  const identity = ['-c', 'user.name=Rig', '-c', 'user.email=rig@example.invalid'];
  const env = { PATH: process.env['PATH'], HOME: rig.root, GIT_CONFIG_NOSYSTEM: '1' };
  execFileSync('git', [...identity, '-c', 'gc.auto=0', ...args], { cwd: rig.root, env });
}

/** What SARIF says of one thing that was found. */
interface SarifResult {
  readonly ruleId: string;
  readonly level: string;
  readonly locations?: readonly {
    readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } };
  }[];
}

function sarifResults(result: CallResult): readonly SarifResult[] {
  const log = onlyJson(result) as { readonly runs: readonly { results: readonly SarifResult[] }[] };
  return log.runs.flatMap(({ results }) => results);
}

/** A repository whose instructions nobody has approved. */
async function rigWithFinding(): Promise<Rig> {
  const rig = await createRig();
  await rig.write({ 'AGENTS.md': 'Be careful.\n' });
  return rig;
}

const stamps = 'instruction-stamps';

test('a gate passes where there is nothing of the kind, and says so', async () => {
  await using rig = await createRig();
  const text = await gate(rig, [stamps]);
  expect(text.exitCode).toBe(0);
  expect(text.stdout).toContain('not applicable');
  expect(onlyJson(await gate(rig, [stamps, '--format=json']))).toMatchObject({
    status: 'passed',
    gate: stamps,
    outcome: 'not_applicable',
    passes: true,
    dry_run: false,
    exit_code: 0,
    findings: [],
  });
  expect(await rig.list()).toStrictEqual([]);
});

test('what is found fails the gate, in its own words and as one JSON value', async () => {
  await using rig = await rigWithFinding();
  const text = await gate(rig, [stamps]);
  expect(text.exitCode).toBe(1);
  expect(text.stdout).toMatch(/^❌ .*\n - AGENTS\.md: /);
  const json = await gate(rig, [stamps, '--format=json']);
  expect(json.exitCode).toBe(1);
  const answer = onlyJson(json);
  expect(Object.keys(answer)).toStrictEqual([
    ...['status', 'gate', 'outcome', 'passes', 'dry_run', 'exit_code'],
    ...['findings', 'facts', 'override', 'warnings', 'written'],
  ]);
  expect(answer).toMatchObject({
    status: 'failed',
    outcome: 'failed',
    passes: false,
    exit_code: 1,
    findings: [{ rule: 'stamp-missing', file: 'AGENTS.md', line: null }],
  });
});

test('a dry run reports the same and exits with 0', async () => {
  await using rig = await rigWithFinding();
  const real = await gate(rig, [stamps]);
  const dry = await gate(rig, [stamps, '--dry-run']);
  expect(dry).toStrictEqual({ ...real, exitCode: 0 });
  const json = await gate(rig, [stamps, '--dry-run', '--format=json']);
  expect(json.exitCode).toBe(0);
  expect(onlyJson(json)).toMatchObject({ status: 'failed', dry_run: true, exit_code: 0 });
});

test('an agent is told in a kilobyte, asked for or not', async () => {
  await using rig = await rigWithFinding();
  const asked = await gate(rig, [stamps, '--format=agent']);
  expect(asked.stdout).toMatch(
    /^instruction-stamps: failed, 1 finding, exit code 1\n- AGENTS\.md: /,
  );
  const known = await gate(rig, [stamps], { env: { CLAUDECODE: '1' } });
  expect(known).toStrictEqual(asked);
});

test('SARIF names files that are hard to name, as one JSON value', async () => {
  await using rig = await createRig();
  const file = 'docs/über uns/100% [a]#1.md';
  await rig.write({
    [file]: 'Text\n',
    'codex.orchestrator.json': { pipelines: [], gates: { [stamps]: { files: [file] } } },
  });
  const result = await gate(rig, [stamps, '--format', 'sarif']);
  expect(result.exitCode).toBe(1);
  const [found] = sarifResults(result);
  expect(found).toMatchObject({ ruleId: 'instruction-stamps/stamp-missing', level: 'error' });
  const uri = found?.locations?.[0]?.physicalLocation.artifactLocation.uri ?? '';
  expect(uri).toBe('docs/%C3%BCber%20uns/100%25%20%5Ba%5D%231.md');
  expect(decodeURIComponent(uri)).toBe(file);
});

test('for GitHub there are annotations behind the lines, and nothing that was quoted is one', async () => {
  await using rig = await createRig();
  const file = '::error::fake,100%.md';
  await rig.write({
    'codex.orchestrator.json': { pipelines: [], gates: { [stamps]: { files: [file] } } },
  });
  for (const env of [{ GITHUB_ACTIONS: 'true' }, { CLAUDECODE: '1' }, {}]) {
    const { stdout, exitCode } = await gate(rig, [stamps, '--format=github'], { env });
    expect(exitCode).toBe(1);
    const [stop = '', ...lines] = stdout.trimEnd().split('\n');
    const token = /^::stop-commands::(\w+)$/.exec(stop)?.[1] ?? '';
    const end = lines.indexOf(`::${token}::`);
    expect(lines.slice(0, end).join('\n')).toContain('❌');
    expect(lines.slice(end + 1)).toStrictEqual([
      expect.stringMatching(
        /^::error file=%3A%3Aerror%3A%3Afake%2C100%25\.md,title=instruction-stamps%3A file-missing::There is no file /,
      ),
    ]);
  }
});

test('text has no annotations, also where GitHub reads it', async () => {
  await using rig = await rigWithFinding();
  const { stdout } = await gate(rig, [stamps], { env: { GITHUB_ACTIONS: 'true' } });
  expect(stdout).not.toContain('::error');
});

test.each([
  [['docs-chek'], 'Unknown command `gate docs-chek`', 'Did you mean `gate docs-check`?'],
  [['docs-check', '--base=x'], 'Unknown flag `--base` for `gate docs-check`', ''],
  [['docs-check', 'docs'], '`gate docs-check` does not take the argument `docs`', ''],
  [['docs-check', '--format=xml'], 'got `xml`', ''],
])('%j is a usage error', async (argv, message, hint) => {
  await using rig = await createRig();
  const { exitCode, stdout, stderr } = await gate(rig, argv);
  expect({ exitCode, stdout }).toStrictEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(message);
  expect(stderr).toContain(hint);
});

test('a gate that cannot come to a verdict exits with 2, also when it only reports', async () => {
  await using rig = await createRig();
  await rig.write({ 'tasks/index.json': '{ torn' });
  for (const argv of [['tasks-sync'], ['tasks-sync', '--dry-run']]) {
    const text = await gate(rig, argv);
    expect(text).toMatchObject({ exitCode: 2, stdout: '' });
    expect(text.stderr).toContain('tasks/index.json');
    const json = await gate(rig, [...argv, '--format=json']);
    expect(json.exitCode).toBe(2);
    expect(onlyJson(json)).toMatchObject({ error: { code: 'INVALID_FILE' }, exit_code: 2 });
    expect(await gate(rig, [...argv, '--format=sarif'])).toStrictEqual(text);
  }
});

test('gates that are set up wrongly are not asked, nor are they with a name that nobody knows', async () => {
  await using rig = await rigWithFinding();
  const write = (gates: object): Promise<void> =>
    rig.write({ 'codex.orchestrator.json': { pipelines: [], gates } });
  await write({ [stamps]: { files: 'AGENTS.md' } });
  const refused = await gate(rig, ['docs-check', '--format=json']);
  expect(refused.exitCode).toBe(2);
  expect(onlyJson(refused)).toMatchObject({ error: { code: 'INVALID_CONFIG' } });
  expect(refused.stderr).toContain('gates["instruction-stamps"].files: ');
  await write({ 'diff-budget': { maxFile: 5 } });
  const unknown = await gate(rig, ['diff-budget']);
  expect(unknown).toMatchObject({ exitCode: 2, stdout: '' });
  expect(unknown.stderr).toContain('unknown key "maxFile"');
  expect(unknown.stderr).toContain('did you mean "maxFiles"?');
});

test('all gates but the review are asked, whatever came of those before; the worst code counts', async () => {
  await using rig = await rigWithFinding();
  await rig.write({ 'tasks/index.json': '{ torn' });
  const result = await gate(rig, ['all', '--format=json']);
  expect(result.exitCode).toBe(2);
  const answer = onlyJson(result) as { readonly gates: readonly Record<string, unknown>[] };
  expect(answer).toMatchObject({ status: 'error', dry_run: false, exit_code: 2 });
  expect(answer.gates.map((one) => one['gate'])).toStrictEqual([
    ...['spec-guard', 'docs-check', 'docs-freshness', 'diff-budget', 'delegation-guard'],
    ...['tasks-sync', 'evidence-check', 'instruction-stamps'],
  ]);
  expect(answer.gates.find((one) => one['gate'] === 'tasks-sync')).toMatchObject({
    status: 'error',
    error: { code: 'INVALID_FILE' },
    exit_code: 2,
  });
  expect(answer.gates.at(-1)).toMatchObject({ gate: stamps, status: 'failed', exit_code: 1 });
  const text = await gate(rig, ['all']);
  expect(text.exitCode).toBe(2);
  expect(text.stdout).toMatch(/== tasks-sync\nINVALID_FILE: [\s\S]*== instruction-stamps\n❌ /);
  const agent = await gate(rig, ['all', '--format=agent']);
  expect(Buffer.byteLength(agent.stdout)).toBeLessThanOrEqual(1024);
  const sarif = await gate(rig, ['all', '--format=sarif']);
  expect(sarifResults(sarif).map(({ ruleId }) => ruleId)).toContain(
    'instruction-stamps/stamp-missing',
  );
});

test('what a repository says cannot paint the terminal', async () => {
  await using rig = await createRig();
  const files = ['\u001b[2Jx.md', '\u202ey.md'];
  await rig.write({
    'codex.orchestrator.json': { pipelines: [], gates: { [stamps]: { files } } },
  });
  for (const format of ['text', 'agent', 'github']) {
    const { stdout, stderr } = await gate(rig, [stamps, `--format=${format}`]);
    expect(printable(stdout + stderr)).toBe(stdout + stderr);
  }
});

test('a base that is not there is no verdict, and a change that is too large is one', async () => {
  await using rig = await createRig();
  git(rig, 'init', '-q', '-b', 'main');
  await rig.write({ 'a.txt': 'a\n' });
  git(rig, 'add', '-A');
  git(rig, 'commit', '-q', '-m', 'first');
  const absent = await gate(rig, ['diff-budget', '--base', 'absent', '--format=json']);
  expect(absent.exitCode).toBe(2);
  expect(onlyJson(absent)).toMatchObject({ error: { code: 'INVALID_BASE' } });
  await rig.write({ 'über uns.txt': 'line\n'.repeat(900) });
  const large = await gate(rig, ['diff-budget', '--base', 'main']);
  expect(large.exitCode).toBe(1);
  expect(large.stdout).toContain('über uns.txt');
  const reason = { DIFF_BUDGET_OVERRIDE_REASON: 'a list of lines' };
  const overridden = await gate(rig, ['diff-budget', '--base=main', '--format=json'], {
    env: reason,
  });
  expect(overridden.exitCode).toBe(0);
  expect(onlyJson(overridden)).toMatchObject({
    status: 'passed',
    outcome: 'overridden',
    override: 'a list of lines',
  });
});

test('paths of the registry and the report are typed from the folder of the call on', async () => {
  await using rig = await createRig();
  git(rig, 'init', '-q');
  await rig.write({
    'README.md': 'Text\n',
    'docs/list.json': { version: 1, generated_at: '2026-01-01', entries: [] },
  });
  const argv = ['docs-freshness', '--registry=list.json', '--report=report.json', '--warn'];
  const warned = await gate(rig, argv, { cwd: rig.path('docs') });
  expect(warned.exitCode).toBe(0);
  expect(await rig.readJson('docs/report.json')).toMatchObject({
    registry_path: 'docs/list.json',
  });
  const real = await gate(rig, ['docs-freshness', '--registry=docs/list.json', '--format=json']);
  expect(real.exitCode).toBe(1);
  expect(onlyJson(real)).toMatchObject({ dry_run: false, outcome: 'failed' });
});
