import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Repository } from '../repository.mjs';
import { createSecrets } from '../secret-samples.mjs';
import { sideBySide } from '../side-by-side.mjs';

/**
 * @typedef {import('../secret-samples.mjs').Secret} Secret
 * @typedef {import('../programs/write-in-pieces.mjs').Piece} Piece
 *
 * @typedef {object} Split
 * @property {string} title
 * @property {(text: string, step: number) => Piece[][]} cut One line of output each.
 * @property {boolean} [apart] Whether its parts go to different streams, which are filtered one by one.
 */

const writer = fileURLToPath(new URL('../programs/write-in-pieces.mjs', import.meta.url));

/** @type {readonly Split[]} */
const splits = [
  {
    title: 'split at every byte',
    cut: (text, step) => cutsOf(text, step).map(([head, tail]) => [piece(1, head), piece(1, tail)]),
  },
  {
    title: 'split at every byte between stdout and stderr',
    apart: true,
    cut: (text, step) => cutsOf(text, step).map(([head, tail]) => [piece(1, head), piece(2, tail)]),
  },
  {
    title: 'byte by byte',
    cut: (text) => [[...Buffer.from(text)].map((byte) => piece(2, Buffer.from([byte])))],
  },
];

/** @type {import('../run-parts.mjs').Part} */
export const secrets = {
  id: 'secrets',
  title: 'Secrets in the output of stages',
  async run(report, context) {
    const all = createSecrets(context.seed);
    const samples = context.quick ? all.filter((_, index) => index % 3 === 1) : all;
    if (process.platform !== 'linux') {
      report.skip(
        'secrets, split at every byte',
        'what the runner has read is known only on Linux',
      );
      return;
    }
    for (const split of context.quick ? splits.slice(0, 2) : splits) {
      await report.check(
        `${samples.length} secrets, ${split.title}: in no file and on no screen`,
        (tally) =>
          trySplit(
            { split, samples, formats: context.quick ? ['ndjson'] : ['ndjson', 'text'] },
            tally,
            context,
          ),
      );
    }
    await report.check('secrets in what fails: in the answer, in the error file', (tally) =>
      tryFailures(samples, tally, context),
    );
    await report.check('secrets in commands and in their environment, as configured', (tally) =>
      tryConfigured(samples, tally, context),
    );
    await report.check(
      'in shadow mode they are there, so this search finds what is there',
      (tally) => tryShadow(samples, tally, context),
    );
  },
};

/**
 * @param {{ split: Split, samples: readonly Secret[], formats: readonly string[] }} attempt
 * @param {import('../report.mjs').Tally} tally
 * @param {import('../run-parts.mjs').Context} context
 */
async function trySplit({ split, samples, formats }, tally, context) {
  const step = context.quick ? 13 : 1;
  await withRepository(context, async (repository) => {
    let pieces = 0;
    const stages = samples.flatMap(({ name, text }, index) => {
      const lines = split.cut(text, step);
      pieces += lines.reduce((sum, line) => sum + line.length, 0);
      // What is cut in the middle of a block leaves its stream in one, in which all is taken.
      const outputs = text.includes('\n') ? lines.map((line) => [line]) : [lines];
      return outputs.map((output, nth) =>
        writingStage(repository, `s${index}-${nth}`, { title: name, lines: output }),
      );
    });
    repository.configure(stages);
    const env = variablesOf(samples);
    const said = [];
    for (const format of formats) {
      const { exitCode, stdout, stderr } = await repository.call(
        ['start', '--task', 't', '--format', format],
        { env },
      );
      if (exitCode !== 0)
        throw new Error(`start ended with ${exitCode}: ${stderr}${stdout}`.slice(0, 2000));
      said.push(stdout, stderr);
    }
    said.push(...(await readersSay(repository, context.commands)));
    const outOfPlace = [];
    for (const secret of samples) {
      const found = whereFound(repository, secret, said);
      const mayBeFound = split.apart === true && secret.isKnownByItsPlace;
      if (mayBeFound && found.length > 0) outOfPlace.push(secret.name);
      const problems = mayBeFound
        ? whereFound(repository, { needles: [secret.text] }, said)
        : found;
      tally.add(secret.name, problems);
    }
    if (outOfPlace.length > 0)
      tally.note(
        `not promised, and found where its name or first line went to the other stream: ${outOfPlace.join(', ')}`,
      );
    tally.note(`${pieces * formats.length} pieces, each read before the next one was written`);
  });
}

/**
 * @param {readonly Secret[]} samples
 * @param {import('../report.mjs').Tally} tally
 * @param {import('../run-parts.mjs').Context} context
 */
async function tryFailures(samples, tally, context) {
  const sample = samples.filter((_, index) => !context.quick || index % 4 === 0);
  await sideBySide(sample, context.jobs, (secret) =>
    withRepository(context, async (repository) => {
      const lines = [[piece(1, Buffer.from('before '))], [piece(2, Buffer.from(secret.text))]];
      repository.configure([writingStage(repository, 'a', { title: 'a', lines, exitCode: 1 })]);
      /** @type {string[]} */
      const said = [];
      for (const [name, ...args] of failingCalls(secret)) {
        const { stdout, stderr } = await repository.call([name, '--task', 't', ...args], {
          env: secret.env,
        });
        said.push(stdout, stderr);
      }
      tally.add(secret.name, whereFound(repository, secret, said));
    }),
  );
}

/** @param {Secret} secret */
function failingCalls({ text }) {
  const print = ['--', 'printf', '%s\n', text];
  return [
    ...['text', 'json', 'agent'].map((format) => ['start', '--format', format]),
    ...['text', 'json', 'ndjson', 'agent'].map((format) => ['exec', '--format', format, ...print]),
  ];
}

/**
 * @param {readonly Secret[]} samples
 * @param {import('../report.mjs').Tally} tally
 * @param {import('../run-parts.mjs').Context} context
 */
async function tryConfigured(samples, tally, context) {
  await withRepository(context, async (repository) => {
    repository.configure(
      samples.map(({ name, text, env }, index) => ({
        id: `s${index}`,
        command: ['printf', '%s\n', text],
        more: { title: name, env: { FAULTS_STAGE_TOKEN: text, ...env } },
      })),
    );
    const { exitCode, stdout, stderr } = await repository.call(
      ['start', '--task', 't', '--format', 'ndjson'],
      { env: variablesOf(samples) },
    );
    if (exitCode !== 0)
      throw new Error(`start ended with ${exitCode}: ${stderr}${stdout}`.slice(0, 2000));
    const said = [
      stdout,
      stderr,
      ...(await readersSay(repository, context.commands, variablesOf(samples))),
    ];
    for (const secret of samples) tally.add(secret.name, whereFound(repository, secret, said));
  });
}

/**
 * @param {readonly Secret[]} samples
 * @param {import('../report.mjs').Tally} tally
 * @param {import('../run-parts.mjs').Context} context
 */
async function tryShadow(samples, tally, context) {
  await withRepository(context, async (repository) => {
    repository.configure(
      samples.map(({ text }, index) =>
        writingStage(repository, `s${index}`, {
          title: 's',
          lines: [[piece(1, Buffer.from(text))]],
        }),
      ),
    );
    const env = { ...variablesOf(samples), CODEX_PRIVACY_GUARD_MODE: 'shadow' };
    const { stdout, stderr } = await repository.call(
      ['start', '--task', 't', '--format', 'ndjson'],
      { env },
    );
    for (const secret of samples) {
      const found = whereFound(repository, secret, [stdout, stderr]);
      tally.add(secret.name, found.length > 0 ? [] : ['not in the log']);
    }
  });
}

/**
 * @param {import('../run-parts.mjs').Context} context
 * @param {(repository: Repository) => Promise<void>} work
 */
async function withRepository({ commandLine }, work) {
  const repository = new Repository(commandLine, []);
  try {
    await work(repository);
  } finally {
    repository.dispose();
  }
}

/**
 * @param {Repository} repository
 * @param {string} id
 * @param {{ title: string, lines: readonly Piece[][], exitCode?: number }} plan
 * @returns {import('../repository.mjs').Stage}
 */
function writingStage(repository, id, { title, lines, exitCode = 0 }) {
  const path = join(repository.folder, `${id}.json`);
  const pieces = lines.flatMap((line) => [...line, ...endsOf(line)]);
  writeFileSync(path, JSON.stringify({ pieces, exitCode }));
  return { id, command: [process.execPath, writer, path], more: { title } };
}

/**
 * The end of a line on every stream that it was written to, the last one first.
 *
 * @param {readonly Piece[]} line
 */
function endsOf(line) {
  const streams = new Set(line.map(({ stream }) => stream).reverse());
  return [...streams].map((stream) => piece(stream, Buffer.from(' .\n')));
}

/**
 * @param {string} text
 * @param {number} step
 * @returns {[Buffer, Buffer][]}
 */
function cutsOf(text, step) {
  const bytes = Buffer.from(text);
  return Array.from({ length: Math.ceil((bytes.length - 1) / step) }, (_, index) => {
    const at = 1 + index * step;
    return [bytes.subarray(0, at), bytes.subarray(at)];
  });
}

/**
 * @param {1 | 2} stream
 * @param {Buffer} bytes
 * @returns {Piece}
 */
function piece(stream, bytes) {
  return { stream, text: bytes.toString('base64') };
}

/** @param {readonly Secret[]} samples */
function variablesOf(samples) {
  return Object.assign({}, ...samples.map(({ env }) => env));
}

/**
 * What every command that reads says of the latest run.
 *
 * @param {Repository} repository
 * @param {ReadonlySet<string>} commands
 * @param {NodeJS.ProcessEnv} [env]
 */
async function readersSay(repository, commands, env = {}) {
  const calls = [
    ['status'],
    ['runs'],
    ['plan'],
    ['show'],
    ['logs'],
    ['verify', '--all'],
    ['latest'],
  ];
  const said = [];
  for (const call of calls.filter(([name]) => commands.has(name))) {
    for (const format of ['text', 'json']) {
      const { stdout, stderr } = await repository.call([...call, '--format', format], { env });
      said.push(stdout, stderr);
    }
  }
  return said;
}

/**
 * @param {Repository} repository
 * @param {Pick<Secret, 'needles'>} secret
 * @param {readonly string[]} said
 * @returns {string[]}
 */
function whereFound(repository, { needles }, said) {
  const places = [
    ...repository
      .files()
      .filter((path) => statSync(path).isFile())
      .map((path) => ({
        place: relative(repository.root, path),
        text: readFileSync(path, 'latin1'),
      })),
    ...said.map((text, index) => ({
      place: `output ${index}`,
      text: Buffer.from(text).toString('latin1'),
    })),
  ];
  return needles.flatMap((needle) => {
    // In JSON a secret may stand with escapes.
    const forms = new Set(
      [needle, JSON.stringify(needle).slice(1, -1)].map((form) =>
        Buffer.from(form).toString('latin1'),
      ),
    );
    return places
      .filter(({ text }) => [...forms].some((form) => text.includes(form)))
      .map(({ place }) => `found in ${place}`);
  });
}
