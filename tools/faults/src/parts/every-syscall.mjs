import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { callsConcerning, lastCalls } from '../numbered-calls.mjs';
import { judge, leftLocks, leftTemporaryFiles } from '../judge.mjs';
import { Repository } from '../repository.mjs';
import { sideBySide } from '../side-by-side.mjs';
import { tracerArgs, whyNoTracer } from '../tracer.mjs';

/** Calls that change what is on disk, or open what is. */
const calls =
  'openat,write,pwrite64,writev,fsync,fdatasync,rename,renameat,renameat2,link,linkat,symlink,unlink,unlinkat,mkdir,mkdirat,rmdir,truncate,ftruncate,chmod,fchmod,utimensat,copy_file_range,sendfile';
const effects = ['signal=KILL', 'error=ENOSPC', 'error=EIO'];

/**
 * @typedef {object} Subject What the calls are taken from.
 * @property {string} title
 * @property {string[]} [needs] Commands.
 * @property {string[]} args
 * @property {(context: Context) => Promise<Repository>} prepare
 * @property {readonly string[]} statuses Which the run may have in the end.
 * @property {readonly number[]} exitCodes Which the call may end with.
 *
 * @typedef {import('../run-parts.mjs').Context} Context
 */

const stages = ['a', 'b', 'c'];

/** @type {readonly Subject[]} */
const subjects = [
  {
    title: 'a run of three stages, one of them retried and one failed',
    args: ['start', '--task', 't', '--format', 'ndjson'],
    prepare: ({ commandLine }) => Promise.resolve(createRun(commandLine)),
    statuses: ['failed', 'interrupted', 'cancelled'],
    exitCodes: [1, 2, 3, 75],
  },
  {
    title: 'the recovery of a killed run with a torn journal',
    needs: ['recover'],
    args: ['recover', '--all', '--format', 'json'],
    prepare: prepareKilledRun,
    statuses: ['interrupted'],
    exitCodes: [0, 1, 3],
  },
];

/** @type {import('../run-parts.mjs').Part} */
export const everySyscall = {
  id: 'every-syscall',
  title: 'A fault at every system call that touches the folders of runs and results',
  async run(report, context) {
    for (const subject of subjects) {
      const missing = (subject.needs ?? []).filter((name) => !context.commands.has(name));
      const why =
        whyNoTracer() ?? (missing.length > 0 ? `there is no \`${missing[0]}\`` : undefined);
      const trace = once(() => traceCalls(subject, context));
      for (const effect of effects) {
        const title = `${nameOf(effect)} ${subject.title}`;
        if (why !== undefined) report.skip(title, why);
        else {
          await report.check(title, async (tally) => {
            await tryEffect({ subject, effect, found: await trace() }, tally, context);
          });
        }
      }
    }
  },
};

/**
 * The first answer again for every later question: a failure too, so that each check tells of it.
 *
 * @template T
 * @param {() => Promise<T>} ask
 * @returns {() => Promise<T>}
 */
function once(ask) {
  /** @type {Promise<T> | undefined} */
  let answer;
  return () => (answer ??= ask());
}

/** @param {string} effect */
function nameOf(effect) {
  return effect === 'signal=KILL'
    ? 'SIGKILL at each call of'
    : `${effect.replace('error=', '')} from each call of`;
}

/**
 * @param {{ subject: Subject, effect: string, found: readonly import('../numbered-calls.mjs').NumberedCall[] }} place
 *   `found` are the calls of a run without a fault.
 * @param {import('../report.mjs').Tally} tally
 * @param {Context} context
 */
async function tryEffect({ subject, effect, found }, tally, context) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  const strikeOne = async (
    /** @type {import('../numbered-calls.mjs').NumberedCall} */ { call, when },
  ) => {
    const { struck, problems } = await strike({ call, when, effect }, subject, context);
    if (struck) counts.set(call, (counts.get(call) ?? 0) + 1);
    // A call of Node itself was in its place this time: nothing that this program promises about.
    if (struck || problems.length > 0) tally.add(`${call} number ${when}`, problems);
    return struck;
  };
  const sample = context.quick ? found.filter((_, index) => index % 21 === 5) : found;
  await sideBySide(sample, context.jobs, strikeOne);
  if (!context.quick) {
    // The program may make a few more calls than when it was traced: on until none is struck.
    await sideBySide(lastCalls(found), context.jobs, async ({ call, when }) => {
      for (let next = when + 1; await strikeOne({ call, when: next }); next += 1);
    });
  }
  tally.note([...counts].map(([call, count]) => `${count} ${call}`).join(', '));
}

/**
 * Traces a whole call without any fault. All that the runner does to its files it must do on its main
 * thread, since only that one is tampered with later.
 *
 * @param {Subject} subject
 * @param {Context} context
 */
async function traceCalls(subject, context) {
  const repository = await subject.prepare(context);
  const log = join(repository.folder, 'trace');
  try {
    const wrap = ['strace', '-f', '-qq', '-y', '-o', log, '-e', `trace=${calls}`];
    await repository.start(subject.args, { wrap }).ended;
    const lines = readFileSync(log, 'utf8').split('\n');
    const main = /^\d+/.exec(lines[0])?.[0] ?? '';
    const kept = repository.kept();
    const elsewhere = lines.find(
      (line) => !line.startsWith(`${main} `) && kept.some((folder) => line.includes(folder)),
    );
    if (elsewhere !== undefined)
      throw new Error(`Not on the main thread: ${elsewhere.slice(0, 200)}`);
    return callsConcerning(
      lines.filter((line) => line.startsWith(`${main} `)),
      kept,
    );
  } finally {
    repository.dispose();
  }
}

/**
 * @param {{ call: string, when: number, effect: string }} fault
 * @param {Subject} subject
 * @param {Context} context
 */
async function strike({ call, when, effect }, subject, context) {
  const repository = await subject.prepare(context);
  const log = join(repository.folder, 'trace');
  try {
    const wrap = tracerArgs({ calls: call, what: effect, when }, log);
    const ended = await endedInTime(repository.start(subject.args, { wrap }));
    const line = struckLine(readFileSync(log, 'utf8'), effect);
    const struck = repository.kept().some((folder) => line.includes(folder));
    if (!struck) return { struck, problems: [] };
    const problems = [
      ...(ended === undefined ? ['it hung'] : wrongEnd(ended, { call, subject, repository })),
      ...(await judge(repository, context.commands, {
        heard: ended?.stdout.toString('utf8') ?? '',
        stages,
        statuses: subject.statuses,
        ...refusedRemoval(line),
      })),
    ];
    return { struck, problems: problems.length === 0 ? [] : [...problems, `at: ${line}`] };
  } finally {
    repository.dispose();
  }
}

const hangMs = 20_000;

/** @param {import('../launch.mjs').Launched} program */
async function endedInTime(program) {
  const timer = setTimeout(() => {
    // The tracer takes the program with it when it ends by a signal of its own choice only.
    for (const pid of childrenOf(program.pid)) process.kill(pid, 'SIGKILL');
    program.child.kill('SIGKILL');
  }, hangMs);
  const startedAt = performance.now();
  const ended = await program.ended;
  clearTimeout(timer);
  return performance.now() - startedAt < hangMs ? ended : undefined;
}

/** @param {number} pid */
function childrenOf(pid) {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .split(' ')
    .filter(Boolean)
    .map(Number);
}

/**
 * @param {import('../launch.mjs').Ended} ended
 * @param {{ call: string, subject: Subject, repository: Repository }} place
 */
function wrongEnd({ exitCode, stdout, stderr }, { call, subject, repository }) {
  if (exitCode === null) return [];
  const said = `${stderr.toString('utf8')}${stdout.toString('utf8')}`.trim().slice(-600);
  return [
    ...(subject.exitCodes.includes(exitCode) ? [] : [`ended with ${exitCode}: ${said}`]),
    ...(call.startsWith('unlink') ? [] : leftBehind(repository)),
  ];
}

/** @param {string} line */
function refusedRemoval(line) {
  const path = /^unlink\("([^"]+)".*\(INJECTED\)/.exec(line)?.[1];
  return path === undefined ? {} : { mayStay: path };
}

/** @param {Repository} repository */
function leftBehind(repository) {
  const left = [...leftTemporaryFiles(repository), ...leftLocks(repository)];
  return left.map((path) => `left by a process that lived on: ${path}`);
}

/**
 * The call that the fault was put into; empty when there was none.
 *
 * @param {string} trace
 * @param {string} effect
 */
function struckLine(trace, effect) {
  const lines = trace.trimEnd().split('\n');
  const line = effect.startsWith('signal=')
    ? lines.filter((each) => each.endsWith('= ?')).at(-1)
    : lines.find((each) => each.includes('(INJECTED)'));
  return line?.slice(0, 300) ?? '';
}

/** @param {import('../command-line.mjs').CommandLine} commandLine */
function createRun(commandLine) {
  const failOnce = '[ -e "$MARKS/once" ] || { : > "$MARKS/once"; exit 1; }';
  return new Repository(commandLine, [
    { id: 'a' },
    { id: 'b', work: failOnce, more: { retries: { max: 1, backoffMs: 0 } } },
    { id: 'c', work: 'exit 1' },
  ]);
}

/** @param {Context} context */
async function prepareKilledRun({ commandLine }) {
  const repository = new Repository(commandLine, [
    { id: 'a' },
    { id: 'b', gated: true },
    { id: 'c' },
  ]);
  const program = repository.start(['start', '--task', 't']);
  const folder = await repository.reached('b');
  program.child.kill('SIGKILL');
  await program.ended;
  appendFileSync(join(folder, 'runner.ndjson'), '{"v":1,"seq":');
  return repository;
}
