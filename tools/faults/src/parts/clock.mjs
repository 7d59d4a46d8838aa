import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { journalLines, judge, readManifest } from '../judge.mjs';
import { Repository } from '../repository.mjs';

const title = 'the wall clock steps back an hour in the middle of a run';
const places = [
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib/aarch64-linux-gnu',
  '/usr/lib64',
  '/usr/lib',
  '/usr/local/lib',
];

/** @type {import('../run-parts.mjs').Part} */
export const clock = {
  id: 'clock',
  title: 'Clocks that jump',
  async run(report, context) {
    const library = places
      .map((place) => join(place, 'faketime', 'libfaketime.so.1'))
      .find(existsSync);
    if (library === undefined) {
      report.skip(title, 'libfaketime is not installed');
      return;
    }
    await report.check(title, async (tally) => {
      for (const jump of context.quick ? ['-1h'] : ['-1h', '-1d', '+1h', '-30s']) {
        tally.add(`jump by ${jump}`, await tryJump(jump, library, context));
      }
    });
  },
};

/**
 * @param {string} jump
 * @param {string} library
 * @param {import('../run-parts.mjs').Context} context
 */
async function tryJump(jump, library, { commandLine, commands }) {
  const repository = new Repository(commandLine, [
    { id: 'a' },
    { id: 'b', gated: true },
    { id: 'c' },
  ]);
  const control = join(repository.folder, 'clock');
  writeFileSync(control, '+0');
  const env = {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: control,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
  try {
    const program = repository.start(['start', '--task', 't', '--format', 'ndjson'], { env });
    const folder = await repository.reached('b');
    writeFileSync(control, jump);
    await repository.open('b');
    const { exitCode, stdout, stderr } = await program.ended;
    const heard = stdout.toString('utf8');
    return [
      ...(exitCode === 0 ? [] : [`ended with ${exitCode}: ${stderr.toString('utf8')}`]),
      ...(hasJumped(folder, jump) ? [] : ['the clock did not jump']),
      ...wrongDurations(folder),
      ...(await judge(repository, commands, {
        heard,
        stages: ['a', 'b', 'c'],
        statuses: ['succeeded'],
      })),
    ];
  } finally {
    repository.dispose();
  }
}

/**
 * @param {string} folder
 * @param {string} jump
 */
function hasJumped(folder, jump) {
  const times = journalLines(folder).map((line) => Date.parse(JSON.parse(line).at));
  const steps = times.slice(1).map((time, index) => time - times[index]);
  return jump.startsWith('-')
    ? steps.some((step) => step < -20_000)
    : steps.some((step) => step > 20_000);
}

/** @param {string} folder */
function wrongDurations(folder) {
  const manifest = readManifest(folder);
  const durations = [
    manifest.duration_ms,
    ...manifest.commands.map(({ duration_ms }) => duration_ms),
  ];
  return durations
    .filter((duration) => duration === null || duration < 0 || duration > 60_000)
    .map((duration) => `a duration of ${duration} ms`);
}
