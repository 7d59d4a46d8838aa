import { BlockedPipe } from '../blocked-pipe.mjs';
import { journalLines, judge, leftProcesses, readManifest } from '../judge.mjs';
import { Repository } from '../repository.mjs';
import { sideBySide } from '../side-by-side.mjs';
import { attachFault, tracerArgs, whyNoTracer } from '../tracer.mjs';

/** @typedef {'KILL' | 'TERM' | 'INT' | 'HUP' | 'closed stdout'} Way */

/** @type {readonly Way[]} */
const ways = ['KILL', 'TERM', 'INT', 'HUP', 'closed stdout'];
const exitCodes = { TERM: 143, INT: 130, HUP: 129 };
const stages = ['a', 'b', 'c'];

/**
 * @typedef {object} Moment
 * @property {string} title
 * @property {boolean} [traced] Whether it is met with strace.
 * @property {boolean} [late] Whether all may be over before the signal counts.
 * @property {readonly string[]} [needs] Commands.
 * @property {readonly string[]} [statuses] Which the run may have as well.
 * @property {readonly Way[]} [ways] All of them by default.
 * @property {number} [exitCodeAfterKill] Of a program that only waits for the run that is killed.
 * @property {boolean} [resumed] Whether the run is brought to its end afterwards.
 * @property {(repository: Repository, way: Way) => Promise<import('../launch.mjs').Launched>} hit
 *   Starts a run and ends it in this way at this moment.
 */

/**
 * Of the last renames of a run, all put a manifest in its place.
 *
 * @type {readonly Moment[]}
 */
const moments = [
  { title: 'before the first stage', hit: beforeFirstStage },
  { title: 'in a stage', hit: (repository, way) => atGate(repository, 'b', way) },
  {
    title: 'in a stage of a detached run',
    needs: ['wait'],
    ways: ['KILL', 'TERM', 'INT', 'HUP'],
    exitCodeAfterKill: 75,
    hit: inDetachedRun,
  },
  {
    title: 'between two stages',
    traced: true,
    hit: (repository, way) =>
      atCall(repository, { gate: 'a', calls: 'write', file: 'runner.ndjson', when: 1 }, way),
  },
  {
    title: 'while sealing: at the last event',
    traced: true,
    late: true,
    hit: (repository, way) =>
      atCall(repository, { gate: 'c', calls: 'write', file: 'runner.ndjson', when: 2 }, way),
  },
  {
    title: 'while sealing: at the sync of the journal',
    traced: true,
    late: true,
    hit: (repository, way) =>
      atCall(repository, { gate: 'c', calls: 'fsync', file: 'runner.ndjson', when: 1 }, way),
  },
  {
    title: 'while sealing: at the last manifest',
    traced: true,
    late: true,
    hit: (repository, way) => atCall(repository, { gate: 'c', calls: 'rename', when: 1 }, way),
  },
  {
    title: 'while resuming: before the first new event',
    needs: ['recover', 'resume'],
    traced: true,
    resumed: true,
    statuses: ['interrupted'],
    hit: resumeAtFirstEvent,
  },
  {
    title: 'while resuming: in a stage',
    needs: ['recover', 'resume'],
    resumed: true,
    hit: resumeInStage,
  },
];

/** @type {import('../run-parts.mjs').Part} */
export const killMatrix = {
  id: 'kill-matrix',
  title: 'Kill matrix: every signal at every moment',
  async run(report, context) {
    for (const moment of moments) {
      const title = `${moment.title}: ${(moment.ways ?? ways).join(', ')}`;
      const why = whyNot(moment, context.commands);
      if (why !== undefined) {
        report.skip(title, why);
        continue;
      }
      await report.check(title, (tally) => tryMoment(moment, tally, context));
    }
  },
};

/**
 * @param {Moment} moment
 * @param {ReadonlySet<string>} commands
 */
function whyNot({ needs = [], traced = false }, commands) {
  const missing = needs.find((name) => !commands.has(name));
  if (missing !== undefined) return `there is no \`${missing}\``;
  return traced ? whyNoTracer() : undefined;
}

/**
 * @param {Moment} moment
 * @param {import('../report.mjs').Tally} tally
 * @param {import('../run-parts.mjs').Context} context
 */
async function tryMoment(moment, tally, { commandLine, commands, quick, jobs }) {
  const all = moment.ways ?? ways;
  // A sample kills at every moment, and takes one of the other ways in turns.
  const other = 1 + (moments.indexOf(moment) % (all.length - 1));
  const tried = quick ? [all[0], all[other]] : all;
  const cases = tried.flatMap((way) =>
    Array.from({ length: quick ? 1 : 5 }, (_, round) => ({ way, round })),
  );
  await sideBySide(cases, jobs, async ({ way, round }) => {
    const repository = new Repository(
      commandLine,
      stages.map((id) => ({ id, gated: true })),
    );
    try {
      tally.add(`${way}, round ${round}`, await tryOnce(repository, moment, { way, commands }));
    } finally {
      repository.dispose();
    }
  });
}

/**
 * @param {Repository} repository
 * @param {Moment} moment
 * @param {{ way: Way, commands: ReadonlySet<string> }} options
 */
async function tryOnce(repository, moment, { way, commands }) {
  const program = await moment.hit(repository, way);
  const ended = await program.ended;
  const heard = ended.stdout.toString('utf8');
  const problems = wrongEnd(ended, way, moment);
  if (way !== 'KILL') {
    problems.push(
      ...leftProcesses(repository.folder).map((text) => `process left at the end: ${text}`),
    );
  }
  problems.push(
    ...(await judge(repository, commands, { heard, stages, statuses: statusesAfter(way, moment) })),
  );
  problems.push(...disagreement(repository, ended.exitCode));
  if (moment.resumed === true && way !== 'closed stdout') {
    problems.push(...(await bringToItsEnd(repository, commands)));
  }
  return problems;
}

/**
 * @param {import('../launch.mjs').Ended} ended
 * @param {Way} way
 * @param {Moment} moment
 */
function wrongEnd({ exitCode, signal, stderr }, way, { late = false, exitCodeAfterKill }) {
  const told = `ended with ${exitCode ?? signal}: ${stderr.toString('utf8').slice(0, 300)}`;
  if (way === 'KILL') {
    const right =
      exitCodeAfterKill === undefined ? signal === 'SIGKILL' : exitCode === exitCodeAfterKill;
    return right ? [] : [told];
  }
  if (way === 'closed stdout') return exitCode === 0 ? [] : [told];
  return exitCode === exitCodes[way] || (late && exitCode === 0) ? [] : [told];
}

/**
 * @param {Way} way
 * @param {Moment} moment
 */
function statusesAfter(way, { late = false, statuses = [] }) {
  if (way === 'closed stdout') return ['succeeded'];
  return [
    way === 'KILL' ? 'interrupted' : 'cancelled',
    ...(late ? ['succeeded'] : []),
    ...statuses,
  ];
}

/**
 * The exit code and the record must tell the same story.
 *
 * @param {Repository} repository
 * @param {number | null} exitCode
 */
function disagreement(repository, exitCode) {
  if (exitCode === null) return [];
  return repository.runs().flatMap(({ folder }) => {
    const { status } = readManifest(folder);
    return (exitCode === 0) === (status === 'succeeded')
      ? []
      : [`exit code ${exitCode} of a run that ${status}`];
  });
}

/**
 * @param {Repository} repository
 * @param {Way} way
 */
async function beforeFirstStage(repository, way) {
  const pipe = new BlockedPipe(repository.folder);
  const program = repository.start(['start', '--task', 't', '--format', 'ndjson'], {
    stdout: pipe.writeEnd,
  });
  await pipe.blocks(program.pid);
  const [run] = repository.runs();
  if (run === undefined || journalLines(run.folder).length !== 1)
    throw new Error('The moment was missed');
  endProgram(program, way, () => {
    pipe.abandon();
  });
  if (way === 'closed stdout') await openGates(repository, stages);
  else if (way !== 'KILL') pipe.drain();
  void program.ended.finally(() => {
    pipe.dispose();
  });
  return program;
}

/**
 * The owner of the run gets the signal, and `wait` tells how the run ended.
 *
 * @param {Repository} repository
 * @param {Way} way
 */
async function inDetachedRun(repository, way) {
  await repository.call(['start', '--task', 't', '--detach']);
  await openGates(repository, ['a']);
  const folder = await repository.reached('b');
  const [started] = journalLines(folder).map((line) => JSON.parse(line));
  process.kill(started.owner.pid, `SIG${way}`);
  return repository.start(['wait', '--run', started.run_id, '--format', 'json']);
}

/**
 * @param {Repository} repository
 * @param {string} gate
 * @param {Way} way
 */
async function atGate(repository, gate, way) {
  const program = await startUntil(repository, gate);
  endProgram(program, way);
  if (way === 'closed stdout') await openGates(repository, stages.slice(stages.indexOf(gate)));
  return program;
}

/**
 * @param {Repository} repository
 * @param {{ gate: string, calls: string, file?: string, when: number }} place
 * @param {Way} way
 */
async function atCall(repository, { gate, calls, file, when }, way) {
  if (way === 'closed stdout') return atGate(repository, gate, way);
  const program = await startUntil(repository, gate);
  const folder = await repository.reached(gate);
  const path = file === undefined ? {} : { path: `${folder}/${file}` };
  await attachFault(program.pid, { calls, ...path, when, what: `signal=${way}` });
  await repository.open(gate);
  return program;
}

/**
 * A run that stands in the middle of one stage.
 *
 * @param {Repository} repository
 * @param {string} gate
 */
async function startUntil(repository, gate) {
  const program = repository.start(['start', '--task', 't', '--format', 'ndjson']);
  await openGates(repository, stages.slice(0, stages.indexOf(gate)));
  await repository.reached(gate);
  return program;
}

/**
 * @param {Repository} repository
 * @param {readonly string[]} gates
 */
async function openGates(repository, gates) {
  for (const gate of gates) {
    await repository.reached(gate);
    await repository.open(gate);
  }
}

/**
 * @param {import('../launch.mjs').Launched} program
 * @param {Way} way
 * @param {() => void} closeStdout
 */
function endProgram(program, way, closeStdout = () => program.child.stdout?.destroy()) {
  if (way === 'closed stdout') closeStdout();
  else program.child.kill(`SIG${way}`);
}

/**
 * A run that was killed in its second stage and recovered.
 *
 * @param {Repository} repository
 */
async function recoveredRun(repository) {
  const program = await startUntil(repository, 'b');
  program.child.kill('SIGKILL');
  await program.ended;
  await repository.call(['recover', '--all']);
  repository.close('b');
  return repository.runs()[0];
}

/**
 * @param {Repository} repository
 * @param {Way} way
 */
async function resumeInStage(repository, way) {
  const { id } = await recoveredRun(repository);
  const program = repository.start(['resume', '--run', id, '--format', 'ndjson']);
  await repository.reached('b');
  endProgram(program, way);
  if (way === 'closed stdout') await openGates(repository, ['b', 'c']);
  return program;
}

/**
 * @param {Repository} repository
 * @param {Way} way
 */
async function resumeAtFirstEvent(repository, way) {
  if (way === 'closed stdout') return resumeInStage(repository, way);
  const { id, folder } = await recoveredRun(repository);
  const fault = { calls: 'write', path: `${folder}/runner.ndjson`, when: 1, what: `signal=${way}` };
  const wrap = tracerArgs(fault, '/dev/null');
  return repository.start(['resume', '--run', id, '--format', 'ndjson'], { wrap });
}

/**
 * What was cut off twice can still be resumed, and every stage has really run in the end.
 *
 * @param {Repository} repository
 * @param {ReadonlySet<string>} commands
 */
async function bringToItsEnd(repository, commands) {
  const [{ id }] = repository.runs();
  repository.close('b');
  const program = repository.start(['resume', '--run', id, '--format', 'ndjson']);
  void openGates(repository, ['b', 'c']).catch(() => undefined);
  const { exitCode, stdout, stderr } = await program.ended;
  const heard = stdout.toString('utf8');
  return [
    ...(exitCode === 0 ? [] : [`resume ended with ${exitCode}: ${stderr.toString('utf8')}`]),
    ...(await judge(repository, commands, { heard, stages, statuses: ['succeeded'] })),
    ...(repository.marksOf('a').starts === 1 ? [] : ['the first stage ran again']),
  ];
}
