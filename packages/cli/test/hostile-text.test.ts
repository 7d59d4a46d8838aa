import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { commandTable } from '../src/command-table.js';
import { call, jsonLines, onlyJson } from './call.js';
import type { CallResult } from './call.js';

/** Everything that a terminal would obey, or that a reader would not see. */
const hostile = [
  '\u001b[2J\u001b[31m',
  '\u001b]0;title\u0007',
  '\u001b]8;;http://evil\u001b\\link\u001b]8;;\u001b\\',
  '\u001b]52;c;ZXZpbA==\u0007',
  '\u001bP+q544e\u001b\\\u001b_apc\u001b\\\u001b^pm\u001b\\\u001bXsos\u001b\\',
  '\u009b2J\u009d0;t\u009c\u0085',
  '\b\b\r\u0007\u0000\u007f',
  '\u200e\u200f\u061c\u202e\u2066\u2069',
  '\u200b\u200d\u2060\ufeff\u{e0041}\u{e007f}',
  '\u2028\u2029',
].join('x');

/** What a command line, a path and a variable can hold. */
const withoutNul = hostile.replaceAll('\u0000', '');

/** Halves of characters besides, which JSON can carry and UTF-8 cannot. */
const unencodable = `${hostile}\ud800`;

const forbidden =
  // eslint-disable-next-line no-control-regex -- what must not reach a screen
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufffe\p{Surrogate}\p{Default_Ignorable_Code_Point}]/u;

function expectSafe(result: CallResult): void {
  expect(`${result.stdout}${result.stderr}`).not.toMatch(forbidden);
}

/** Prints what no terminal should see, then what is no UTF-8, and fails. */
const printHostile = String.raw`printf '\033[2J\033]0;t\007Error: \302\233x\342\200\256y\b\r\377\376\300\200\n'; exit 3`;

async function writeHostileConfig(rig: Rig): Promise<void> {
  await rig.write({
    'codex.orchestrator.json': {
      defaultPipeline: `p${withoutNul}`,
      pipelines: [
        {
          id: `p${withoutNul}`,
          title: `Checks${withoutNul}`,
          description: `d${withoutNul}`,
          guardrailsRequired: false,
          stages: [
            {
              kind: 'command',
              id: `a${withoutNul}`,
              title: `A${withoutNul}`,
              command: `${printHostile} # ${withoutNul}`,
              env: { [`E${withoutNul}`]: withoutNul },
              summaryHint: `h${withoutNul}`,
            },
            { kind: 'command', id: `b${withoutNul}`, title: `B${withoutNul}`, command: 'true' },
          ],
        },
      ],
    },
  });
}

test('this file would notice each piece of the hostile text', () => {
  for (const piece of unencodable.split('x').filter((each) => each !== '')) {
    expect(piece === 'link' || /^[\w:/;]*$/.test(piece) || forbidden.test(piece)).toBe(true);
  }
});

const textFormats = ['text', 'agent'];

test.each(textFormats)(
  'as %s, nothing of a configuration reaches the screen as it is',
  async (format) => {
    await using rig = await createRig();
    await writeHostileConfig(rig);
    const options = { cwd: rig.root };
    const planned = await call(['plan', '--task=t', '--format', format], options);
    expect(planned).toMatchObject({ exitCode: 0, stderr: '' });
    const started = await call(['start', '--task=t', '--format', format], options);
    expect(started, started.stderr).toMatchObject({ exitCode: 1 });
    expect(started.stdout).toContain('Error: ');
    for (const result of [planned, started]) expectSafe(result);
  },
);

test('with json, the same run is exact data', async () => {
  await using rig = await createRig();
  await writeHostileConfig(rig);
  const answer = onlyJson(await call(['start', '--task=t', '--format=json'], { cwd: rig.root }));
  expect(answer).toMatchObject({
    pipeline_id: `p${withoutNul}`,
    failed_stage: { id: `a${withoutNul}`, title: `A${withoutNul}` },
  });
  const lines = jsonLines(await call(['start', '--task=t', '--format=ndjson'], { cwd: rig.root }));
  expect(lines[0]).toMatchObject({ type: 'run.started', pipeline_title: `Checks${withoutNul}` });
  expect(lines.at(-1)).toMatchObject({
    type: 'verdict',
    failed_stage: { title: `A${withoutNul}` },
  });
});

/** Members whose words are not free: another one makes the record unreadable, which is another test. */
const fixed =
  /^(?:version|task_id|run_id|parent_run_id|runner|status|kind|outcome|.*_at|computed_at|artifact_root|path|head|sha256|.*_hash|mode)$/;

/** Hostile text behind every text of a record. */
function poison(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return fixed.test(key) ? value : `${value}${unencodable}`;
  if (Array.isArray(value)) return value.map((each) => poison(each, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, poison(member, name)]),
  );
}

/** A finished run whose manifest somebody has rewritten. */
async function leavePoisonedRun(rig: Rig): Promise<{ run: string; manifest: object }> {
  await writeHostileConfig(rig);
  const run = onlyJson(await call(['start', '--task=t', '--format=json'], { cwd: rig.root }));
  const path = String(run['manifest']);
  const manifest = poison(await rig.readJson(path)) as object;
  await rig.write({ [path]: manifest });
  return { run: String(run['run_id']), manifest };
}

/** Commands that read records, as far as they exist. */
const readers = ['status', 'show', 'logs', 'runs', 'latest', 'attach', 'wait', 'verify'].filter(
  (name) => commandTable.some((command) => command.name === name),
);

test.each(readers)('%s shows nothing of a rewritten record as it is', async (name) => {
  await using rig = await createRig();
  const { run } = await leavePoisonedRun(rig);
  const flags = commandTable.find((command) => command.name === name)?.flags ?? {};
  const which = 'run' in flags ? ['--run', run] : [];
  for (const format of textFormats) {
    // To a pipe, logs are exact: a screen is what must not obey them.
    const screen = { cwd: rig.root, isTTY: name === 'logs' };
    const result = await call([name, ...which, '--format', format], screen);
    expect(result.exitCode).not.toBe(70);
    expectSafe(result);
  }
});

test('status as json is exact data of a rewritten record', async () => {
  await using rig = await createRig();
  const { run, manifest } = await leavePoisonedRun(rig);
  const answer = onlyJson(await call(['status', run, '--format=json'], { cwd: rig.root }));
  const { commands } = manifest as { commands: { title: string }[] };
  expect(answer).toMatchObject({ commands: [{ title: commands[0]?.title }, {}] });
});

test('an error shows nothing of what it names as it is, its stack included', async () => {
  await using rig = await createRig();
  const folder = `folder${withoutNul}`;
  await rig.write({ [`${folder}/codex.orchestrator.json`]: `{ ${hostile}` });
  const cwd = rig.path(folder);
  const calls = [
    ['start', hostile],
    ['start', `--${hostile}`],
    ['start', '--task', hostile],
    [hostile],
    ['status', hostile],
    ['status', `--interval=${hostile}`],
    ['exec', '--format=text', '--task=t', '--', `./${withoutNul}`],
    ['exec', '--format=agent', '--task=t', '--', `./${withoutNul}`],
    ['doctor'],
    ['runs'],
    ['plan'],
  ];
  for (const argv of calls) expectSafe(await call(argv, { cwd }));
  await rig.write({ [`${folder}/package.json`]: { scripts: { [`build${hostile}`]: hostile } } });
  expectSafe(await call(['init', '--force'], { cwd }));
  expectSafe(await call(['start', '--task=t'], { cwd: `${cwd}/missing` }));
});
