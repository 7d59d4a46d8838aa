import { execFile } from 'node:child_process';
import { chmod, readFile } from 'node:fs/promises';
import { delimiter } from 'node:path';
import { promisify } from 'node:util';

import { bundleChildProgram, createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { exitCodes } from '../src/exit-codes.js';

const run = promisify(execFile);
const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');

function block(language: string): string {
  const [, text] = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'ms').exec(readme) ?? [];
  if (text === undefined) throw new Error(`No ${language} block in the README`);
  return text;
}

/** A shell in a repository with two scripts, where the program is on the path. */
async function runShell(rig: Rig, script: string): Promise<string> {
  await using program = await bundleChildProgram(new URL('../src/main.ts', import.meta.url));
  await rig.write({
    'bin/codex-orchestrator': `#!/bin/sh\nexec "${process.execPath}" "${program.path}" "$@"\n`,
    'repository/package.json': {
      scripts: { build: 'true', test: 'echo "1 of 42 tests failed"; exit ${CODE:-0}' },
    },
  });
  await chmod(rig.path('bin/codex-orchestrator'), 0o755);
  const path = `${rig.path('bin')}${delimiter}${process.env['PATH'] ?? ''}`;
  const { stdout } = await run('sh', ['-c', script], {
    cwd: rig.path('repository'),
    env: {
      PATH: path,
      HOME: rig.root,
      npm_config_loglevel: 'silent',
      npm_config_update_notifier: 'false',
    },
  });
  return stdout;
}

test('the commands of the README work one after the other', async () => {
  await using rig = await createRig();
  const output = await runShell(rig, `set -e\n${block('sh')}`);
  expect(output).toContain('Status: succeeded (4 of 4 stages succeeded');
  expect(output).toContain('\n42\n');
});

test('so do those for runs that outlive their shell', async () => {
  await using rig = await createRig();
  const init = 'codex-orchestrator init > /dev/null';
  const output = await runShell(rig, `set -e\n${init}\n${block('bash')}`);
  expect(output).toContain('Status: in_progress (4 stages');
  expect(output).toContain('"type":"verdict"');
  expect(output).toContain('Verdict:   succeeded (4 of 4 stages succeeded, exit code 0)');
});

test('a failing run looks as the README shows it', async () => {
  await using rig = await createRig();
  const [command = '', ...shown] = block('text').trimEnd().split('\n');
  const stages = ['build', 'test'].map((id) => {
    const title = id === 'build' ? 'Build' : 'Test';
    return { kind: 'command', id, title, command: `npm run ${id}` };
  });
  const pipelines = [
    { id: 'diagnostics', title: 'Diagnostics', guardrailsRequired: false, stages },
  ];
  await rig.write({ 'repository/codex.orchestrator.json': { pipelines } });
  const script = `CODE=1 ${command.slice(2)} 2>&1; true`;
  expect(withoutVariables(await runShell(rig, `export CODE=1; ${script}`))).toBe(
    withoutVariables(`${shown.join('\n')}\n`),
  );
});

test('the README has every exit code', () => {
  const table = /<!-- exit codes -->(.*)<!-- \/exit codes -->/s.exec(readme)?.[1] ?? '';
  const rows = [...table.matchAll(/^\| (\d+) +\| (.+?) +\|$/gm)].map(([, code, meaning]) => ({
    code: Number(code),
    meaning,
  }));
  expect(rows).toStrictEqual(Object.values(exitCodes));
});

function withoutVariables(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\dT[\d-]+Z-[0-9a-f]{8}/g, '<run>')
    .replace(/\d+\.\ds/g, '<time>');
}
