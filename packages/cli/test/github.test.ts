import { readFile } from 'node:fs/promises';

import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { CommandFilter } from '../src/github/command-filter.js';
import { locateCause } from '../src/github/locate-cause.js';
import { escapeMarkdown, fenced } from '../src/github/markdown.js';
import { errorCommand } from '../src/github/workflow-commands.js';
import { call } from './call.js';
import type { CallResult } from './call.js';
import { pipelineOf } from './pipeline-of.js';
import type { Stage } from './pipeline-of.js';

/** What of an output GitHub would obey: markers at the start of a line, or the older form anywhere. */
function commandsIn(output: string): string[] {
  let token: string | undefined;
  return output.split(/[\r\n]+/).flatMap((line) => {
    const text = line.trimStart();
    if (token !== undefined) {
      if (text === `::${token}::`) token = undefined;
      return [];
    }
    token = /^::stop-commands::(.+)$/.exec(text)?.[1];
    return /^::[\w-]|##\[/.test(text) && token === undefined ? [text] : [];
  });
}

/** Even with the switch ignored: lines of stdout and stderr may reach the service out of turn. */
function markersIn(output: string): string[] {
  return output
    .split(/[\r\n]+/)
    .map((line) => line.trimStart())
    .filter((line) => /^::|##\[/.test(line))
    .filter((line) => !/^::(?:stop-commands::[0-9a-f]{32}|[0-9a-f]{32}::|error )/.test(line));
}

const attack = String.raw`printf '::error::fake\n  ::set-output name=a::b\n\t::add-mask::c\rx ##[add-path]/evil\n\302\240::warning::d\n'`;

interface StartOptions {
  readonly stages: readonly Stage[];
  readonly format?: string;
  readonly env?: Readonly<Record<string, string>>;
}

async function start(
  rig: Rig,
  { stages, format = 'text', env }: StartOptions,
): Promise<CallResult> {
  await rig.write({ 'codex.orchestrator.json': pipelineOf(...stages) });
  return call(['start', '--task=t', '--format', format], {
    cwd: rig.root,
    env: { GITHUB_ACTIONS: 'true', ...env },
  });
}

test('the filter breaks markers, however they are cut, and changes nothing else', () => {
  const text =
    '::a\n  ::b\nx ::c\n:d:\n ##[e] ###[f]\r::g\n\u00a0::h\n::\n:::i\na::b\n#[ok] : :\n\u2003 ::j';
  const whole = Buffer.from(new CommandFilter().push(Buffer.from(text))).toString();
  expect(markersIn(whole)).toStrictEqual([]);
  expect(whole).toBe(
    ': :a\n  : :b\nx ::c\n:d:\n ## [e] ### [f]\r: :g\n\u00a0: :h\n: :\n: ::i\na::b\n#[ok] : :\n\u2003 : :j',
  );
  for (let size = 1; size < 8; size += 1) {
    const filter = new CommandFilter();
    const bytes = Buffer.from(text);
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += size) {
      pieces.push(filter.push(bytes.subarray(at, at + size)));
    }
    expect(Buffer.concat(pieces).toString()).toBe(whole);
  }
});

test('bytes that are no UTF-8 pass as they are', () => {
  const bytes = Buffer.from([0xff, 0xfe, 0x80, 0x0a, 0xc3]);
  expect(new CommandFilter().push(bytes)).toStrictEqual(bytes);
});

test.each(['text', 'agent', 'json', 'ndjson'])(
  'as %s, a stage issues no workflow command, neither by its output nor by its names',
  async (format) => {
    await using rig = await createRig();
    const id = 'a\n::error::by id ##[error]x';
    const stages = [{ id, title: '##[error]by title', command: `${attack}; exit 3` }, { id: 'b' }];
    const result = await start(rig, { stages, format });
    const both = `${result.stdout}\n${result.stderr}`;
    expect(markersIn(both)).toStrictEqual([]);
    expect(commandsIn(both)).toStrictEqual([expect.stringMatching(/^::error /)]);
    if (format === 'json') {
      const { failed_stage: stage } = JSON.parse(result.stdout) as {
        failed_stage: { id: string; last_lines: string[] };
      };
      expect(stage.id).toBe(id);
      expect(stage.last_lines).toContain('x ##[add-path]/evil');
    }
  },
);

test('quoted output stands between a switch that nobody can guess and its end', async () => {
  await using rig = await createRig();
  const stages = [{ id: 'a', command: 'echo why; exit 3' }];
  const [first, second] = [await start(rig, { stages }), await start(rig, { stages })];
  const pattern = /^::stop-commands::(\w{32})\n.* {2}\| why\n.*^::\1::\n::error /ms;
  expect(first.stdout).toMatch(pattern);
  expect(pattern.exec(first.stdout)?.[1]).not.toBe(pattern.exec(second.stdout)?.[1]);
  expect(first.stdout + first.stderr).not.toContain('::group::');
});

test('exec passes output on with commands off, and stdout stays what the command wrote', async () => {
  await using rig = await createRig();
  const options = { cwd: rig.root, env: { GITHUB_ACTIONS: 'true' } };
  const argv = ['exec', '--format=text', '--task=t', '--', 'sh', '-c'];
  const good = await call([...argv, String.raw`printf 'out'; printf 'err' >&2`], options);
  expect(good.stdout).toBe('out');
  expect(good.stderr).toMatch(/^::stop-commands::(\w{32})\nerr\n::\1::\n\S+ SUCCEEDED\n/m);
  const bad = await call([...argv, `${attack}; ${attack} >&2; exit 3`], options);
  expect(markersIn(`${bad.stdout}\n${bad.stderr}`)).toStrictEqual([]);
  expect(commandsIn(bad.stdout)).toStrictEqual([]);
  expect(bad.exitCode).toBe(3);
});

test('a run that cannot be recorded leaves commands on', async () => {
  await using rig = await createRig();
  await rig.write({ '.runs': 'a file where the folder should be' });
  const argv = ['exec', '--format=text', '--task=t', '--', 'true'];
  const result = await call(argv, { cwd: rig.root, env: { GITHUB_ACTIONS: 'true' } });
  expect(result.exitCode).toBe(3);
  expect(result.stderr).toMatch(/^::stop-commands::(\w{32})\n::\1::\n/m);
});

test('each failed stage is an error beside its line', async () => {
  await using rig = await createRig();
  const command = 'echo "src/a.ts(3,5): error TS2322: 100% wrong"; exit 2';
  const stages = [{ id: 'types', command }];
  for (const format of ['text', 'json']) {
    const result = await start(rig, { stages, format });
    const stream = format === 'text' ? result.stdout : result.stderr;
    expect(stream).toContain(
      '::error file=src/a.ts,line=3,col=5,title=Stage failed%3A types%2C exited with code 2::src/a.ts(3,5): error TS2322: 100%25 wrong\n',
    );
  }
});

test('an annotation is escaped so that it stays one', () => {
  const title = 'a:b,c%d\r\ne';
  expect(errorCommand({ title, message: 'x%0Ay\n::error::z\r', file: 'a,b.ts', line: 3 })).toBe(
    '::error file=a%2Cb.ts,line=3,title=a%3Ab%2Cc%25d%0D%0Ae::x%250Ay%0A::error::z%0D',
  );
});

test.each([
  ['src/a.ts(3,5): error', { file: 'src/a.ts', line: 3, column: 5 }],
  ['/repo/src/a.ts:3:5 error', { file: 'src/a.ts', line: 3, column: 5 }],
  ['at ./src/../b.js:30', { file: 'b.js', line: 30 }],
  ['../other/a.ts:3:5', undefined],
  ['/etc/passwd.d:3:5', undefined],
  ['no place', undefined],
  [null, undefined],
])('the place of %j in the repository', (cause, location) => {
  expect(locateCause(cause, '/repo')).toStrictEqual(location);
});

test('the summary of the step is appended: a table of stages, the last lines of the failed one', async () => {
  await using rig = await createRig();
  await rig.write({ 'summary.md': 'before\n' });
  const stages = [
    { id: 'build' },
    { id: 'li|nt<b>', command: 'echo "Error: <b>why</b>"; echo "\\`\\`\\`\\`"; exit 3' },
    { id: 'test' },
  ];
  const env = { GITHUB_STEP_SUMMARY: rig.path('summary.md') };
  expect((await start(rig, { stages, env })).exitCode).toBe(1);
  expect(withoutVariables(await rig.read('summary.md'))).toMatchInlineSnapshot(`
    "before
    ### Checks: failed after <time>

    | stage | status | time | how it ended |
    | --- | --- | --- | --- |
    | build | succeeded | <time> |  |
    | li\\|nt&lt;b&gt; | failed | <time> | exited with code 3 |
    | test | skipped |  | run\\-failed |

    **li\\|nt&lt;b&gt;** exited with code 3

    Error\\: &lt;b&gt;why&lt;/b&gt;

    \`\`\`\`\`text
    Error: <b>why</b>
    \`\`\`\`
    \`\`\`\`\`

    Run <run>, record in \\.runs/t/cli/<run>

    "
  `);
});

test('exec writes a summary too', async () => {
  await using rig = await createRig();
  const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: rig.path('summary.md') };
  await call(['exec', '--json', '--task=t', '--', 'true'], { cwd: rig.root, env });
  expect(await rig.read('summary.md')).toContain('| succeeded |');
});

test.each([
  ['in a folder that is not there', 'missing/summary.md'],
  ['at the place of a folder', '.'],
])('a summary %s is a warning, and the verdict stays', async (_what, name) => {
  await using rig = await createRig();
  const env = { GITHUB_STEP_SUMMARY: rig.path(name) };
  const result = await start(rig, { stages: [{ id: 'a' }], env, format: 'json' });
  expect(result.exitCode).toBe(0);
  expect(result.stderr).toMatch(
    /^codex-orchestrator: warning: cannot write the summary of the step/,
  );
});

test('a summary that would grow over what GitHub shows is left out, and what is there stays', async () => {
  await using rig = await createRig();
  const before = 'x'.repeat(1024 * 1024 - 10);
  await rig.write({ 'summary.md': before });
  const env = { GITHUB_STEP_SUMMARY: rig.path('summary.md') };
  const result = await start(rig, { stages: [{ id: 'a' }], env });
  expect(result.exitCode).toBe(0);
  expect(result.stderr).toContain('1 MiB');
  expect(await readFile(rig.path('summary.md'), 'utf8')).toBe(before);
});

test('elsewhere nothing of GitHub is printed or written', async () => {
  await using rig = await createRig();
  const env = { GITHUB_ACTIONS: 'false', GITHUB_STEP_SUMMARY: rig.path('summary.md') };
  const result = await start(rig, { stages: [{ id: 'a', command: 'exit 1' }], env });
  expect(result.stdout + result.stderr).not.toContain('::');
  expect(await rig.list()).not.toContain('summary.md');
});

test.each([
  ['a | b', String.raw`a \| b`],
  ['<script>', '&lt;script&gt;'],
  ['[x](http://y) `z` *b* @who #1', String.raw`\[x\]\(http\:&#47;/y\)`],
  ['a\nb', 'a b'],
  ['\u001b[31mred\u202e', 'red'],
])('%j is itself in a summary', (text, shown) => {
  expect(escapeMarkdown(text)).toContain(shown.replace('&#47;', '/'));
});

test('nothing in a code block ends it', () => {
  const lines = ['```', 'a `````` b', '~~~', '</details>', 'x\n```\ny'];
  const [opening = '', ...rest] = fenced(lines);
  const closing = rest.pop();
  expect(opening).toBe(`${closing ?? ''}text`);
  expect(rest.some((line) => line.trimStart().startsWith(closing ?? ''))).toBe(false);
  expect(rest.join('\n').split('\n')).toHaveLength(lines.length);
});

function withoutVariables(text: string): string {
  return text
    .replace(/\d{4}\\?-\d\d\\?-\d\dT[\d\\-]+Z\\?-[0-9a-f]{8}/g, '<run>')
    .replace(/\d+\\?\.\ds/g, '<time>');
}
