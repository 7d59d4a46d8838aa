import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, createReadStream, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { judge, readManifest } from '../judge.mjs';
import { Repository } from '../repository.mjs';

const program = fileURLToPath(new URL('../programs/flood.mjs', import.meta.url));
const logMaxBytes = 64 * 1024 * 1024;
const extraMegabytes = 128;

/**
 * @typedef {object} Flood
 * @property {string} title
 * @property {string} kind
 * @property {number} megabytes
 */

/** @type {readonly Flood[]} */
const floods = [
  { title: 'one line of 600 MB', kind: 'one-line', megabytes: 600 },
  { title: '2 GB of lines', kind: 'lines', megabytes: 2000 },
  { title: '50 MB that are no UTF-8', kind: 'invalid-utf8', megabytes: 50 },
  { title: '50 MB of progress bars without a line end', kind: 'progress-bars', megabytes: 50 },
];

/** @type {import('../run-parts.mjs').Part} */
export const output = {
  id: 'output',
  title: 'Much output',
  async run(report, context) {
    for (const flood of floods) {
      if (context.quick) report.skip(flood.title, 'only without --quick');
      else await report.check(flood.title, (tally) => tryFlood(flood, tally, context));
    }
  },
};

/**
 * @param {Flood} flood
 * @param {import('../report.mjs').Tally} tally
 * @param {import('../run-parts.mjs').Context} context
 */
async function tryFlood({ kind, megabytes }, tally, { commandLine, commands }) {
  const command = [process.execPath, program, kind, String(megabytes)];
  const peak = (/** @type {string} */ name) => ({
    id: name,
    command: `grep VmHWM /proc/$PPID/status > "$MARKS/${name}.peak"`,
  });
  const repository = new Repository(commandLine, [
    peak('before'),
    { id: 'flood', command },
    peak('after'),
  ]);
  try {
    const startedAt = performance.now();
    const { exitCode, stderr } = await repository.call([
      'start',
      '--task',
      't',
      '--format',
      'json',
    ]);
    const seconds = (performance.now() - startedAt) / 1000;
    const grownMegabytes = (peakOf(repository, 'after') - peakOf(repository, 'before')) / 1000;
    const [{ folder }] = repository.runs();
    const path = join(folder, 'commands', '02-flood.log');
    tally.note(
      `${Math.round(megabytes / seconds)} MB/s with everything, memory grew by ${Math.round(grownMegabytes)} MB, log of ${(statSync(path).size / 1e6).toFixed(1)} MB`,
    );
    tally.add(kind, [
      ...(exitCode === 0 ? [] : [`ended with ${exitCode}: ${stderr.slice(0, 300)}`]),
      ...(grownMegabytes <= extraMegabytes ? [] : [`memory grew by ${grownMegabytes} MB`]),
      ...(megabytes * 1e6 < logMaxBytes ? await wrongWholeLog(path, command) : wrongCutLog(path)),
      ...wrongCounts(folder, path, megabytes),
      ...(await judge(repository, commands, { statuses: ['succeeded'] })),
    ]);
  } finally {
    repository.dispose();
  }
}

/**
 * @param {Repository} repository
 * @param {string} name
 * @returns {number} Kilobytes.
 */
function peakOf(repository, name) {
  const text = readFileSync(join(repository.folder, 'marks', `${name}.peak`), 'utf8');
  return Number(/\d+/.exec(text)?.[0]);
}

/**
 * A log below the limit holds exactly what the command printed.
 *
 * @param {string} path
 * @param {string[]} command
 */
async function wrongWholeLog(path, [node, ...args]) {
  const again = spawn(node, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [wanted, found] = await Promise.all([digest(again.stdout), digest(createReadStream(path))]);
  return wanted === found ? [] : ['the log is not what the command printed'];
}

/** @param {import('node:stream').Readable} stream */
async function digest(stream) {
  const hash = createHash('sha256');
  for await (const chunk of stream) hash.update(chunk);
  return hash.digest('hex');
}

/**
 * A log at the limit: the start, a line that says how much is missing, the end.
 *
 * @param {string} path
 */
function wrongCutLog(path) {
  const size = statSync(path).size;
  const middle = readPiece(path, logMaxBytes / 2 - 200, 400);
  return [
    ...(size <= logMaxBytes + 4096 ? [] : [`a log of ${size} bytes`]),
    ...(readPiece(path, 0, 6) === 'BEGIN\n' ? [] : ['the start is not the start']),
    ...(readPiece(path, size - 5, 5) === '\nEND\n' ? [] : ['the end is not the end']),
    ...(/\d/.test(middle) ? [] : ['no line says what is missing']),
  ];
}

/**
 * @param {string} path
 * @param {number} position
 * @param {number} length
 */
function readPiece(path, position, length) {
  const fd = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(length);
    return bytes.toString('latin1', 0, readSync(fd, bytes, 0, length, position));
  } finally {
    closeSync(fd);
  }
}

/**
 * @param {string} folder
 * @param {string} path
 * @param {number} megabytes
 */
function wrongCounts(folder, path, megabytes) {
  const stage = readManifest(folder).commands[1];
  const { log_bytes: bytes, log_omitted_bytes: omitted } = stage;
  if (bytes !== statSync(path).size) return [`log_bytes is ${bytes}`];
  const seen = (bytes ?? 0) + (omitted ?? 0);
  return seen >= megabytes * 1e6 && seen < megabytes * 1e6 + 2e6
    ? []
    : [`${seen} bytes accounted for`];
}
