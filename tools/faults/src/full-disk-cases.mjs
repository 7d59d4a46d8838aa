/**
 * Runs inside of a mount namespace: tries runs on a small tmpfs that has less and less room, and
 * prints one outcome per line.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { judge, leftTemporaryFiles } from './judge.mjs';
import { Repository } from './repository.mjs';

/** @type {{ kind: 'bytes' | 'inodes', quick: boolean, argv: string[], entry: string, commands: string[] }} */
const { kind, quick, argv, entry, commands } = JSON.parse(process.argv[2]);
const known = new Set(commands);
const commandLine = { argv, entry, commands: known, dispose: () => undefined };
const pageBytes = 4096;
const rooms = kind === 'bytes' ? [...range(0, 16, 1), ...range(18, 64, 4)] : range(0, 24, 1);

for (const room of quick ? rooms.filter((_, index) => index % 7 === 3) : rooms) {
  const problems = await tryRoom(room).catch((error) => [String(error.stack)]);
  console.log(
    JSON.stringify({
      check: kind,
      name: `${room} free ${kind === 'bytes' ? 'pages' : 'inodes'}`,
      problems,
    }),
  );
}

/** @param {number} room */
async function tryRoom(room) {
  const mountPoint = mkdtempSync(join(tmpdir(), 'faults-disk-'));
  const limit = kind === 'bytes' ? 'size=2m' : 'size=8m,nr_inodes=200';
  execFileSync('mount', ['-t', 'tmpfs', '-o', limit, 'none', mountPoint]);
  const root = join(mountPoint, 'repository');
  const repository = new Repository(
    commandLine,
    [{ id: 'a' }, { id: 'b', work: 'head -c 30000 /dev/zero | tr "\\0" x' }, { id: 'c' }],
    { root },
  );
  try {
    await repository.call(['start', '--task', 'old']);
    const old = digests(repository);
    occupy(mountPoint, room);
    const { exitCode, signal, stdout, stderr } = await repository.call([
      'start',
      '--task',
      'new',
      '--format',
      'json',
    ]);
    const problems = [
      ...wrongAnswer({ exitCode, signal, stdout, stderr }),
      ...leftTemporaryFiles(repository).map((path) => `temporary file left: ${path}`),
    ];
    rmSync(join(mountPoint, 'filler'), { recursive: true });
    problems.push(
      ...[...old]
        .filter(([path, digest]) => digests(repository).get(path) !== digest)
        .map(([path]) => `old file changed: ${path}`),
    );
    problems.push(...(await judge(repository, known, { stages: [] })));
    return problems;
  } finally {
    repository.dispose();
    execFileSync('umount', [mountPoint]);
    rmSync(mountPoint, { recursive: true });
  }
}

/**
 * Fills the disk up but for so many pages or inodes.
 *
 * @param {string} mountPoint
 * @param {number} room
 */
function occupy(mountPoint, room) {
  const filler = join(mountPoint, 'filler');
  mkdirSync(filler);
  if (kind === 'inodes') {
    const { ffree } = statfsSync(mountPoint);
    for (let index = 0; index < ffree - room; index += 1)
      writeFileSync(join(filler, String(index)), '');
    return;
  }
  writeFileSync(join(filler, 'big'), '');
  const { bfree, bsize } = statfsSync(mountPoint);
  writeFileSync(join(filler, 'big'), Buffer.alloc(bfree * bsize - room * pageBytes));
}

/**
 * Done, failed with a record, or refused with a code; never a defect.
 *
 * @param {{ exitCode: number | null, signal: string | null, stdout: string, stderr: string }} end
 */
function wrongAnswer({ exitCode, signal, stdout, stderr }) {
  const said = `${stderr}${stdout}`.trim().slice(0, 600);
  if (exitCode === null || ![0, 1, 3, 75].includes(exitCode))
    return [`ended with ${exitCode ?? signal}: ${said}`];
  const answer = JSON.parse(stdout);
  if (exitCode === 3 && typeof answer.error?.code !== 'string')
    return [`exit code 3 without a code: ${said}`];
  return [];
}

/** @param {Repository} repository */
function digests(repository) {
  const folder = join(repository.root, '.runs', 'old');
  return new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((path) => join(folder, path))
      .filter((path) => statSync(path).isFile())
      .map((path) => [path, createHash('sha256').update(readFileSync(path)).digest('hex')]),
  );
}

/**
 * @param {number} from
 * @param {number} to
 * @param {number} step
 */
function range(from, to, step) {
  return Array.from(
    { length: Math.floor((to - from) / step) + 1 },
    (_, index) => from + index * step,
  );
}
