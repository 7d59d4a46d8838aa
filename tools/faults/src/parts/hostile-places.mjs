import { chmodSync, chownSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { judge } from '../judge.mjs';
import { runInNamespace, whyNoMount } from '../namespace.mjs';
import { Repository } from '../repository.mjs';

/** @typedef {import('../run-parts.mjs').Context} Context */

const nobody = 65534;
const dropRights = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'];

/** @type {import('../run-parts.mjs').Part} */
export const hostilePlaces = {
  id: 'hostile-places',
  title: 'Hostile places: a clear error with a code, and nothing half-made',
  async run(report, context) {
    await report.check('ids that are no names: ../x, CON, a:b, 300 characters', (tally) =>
      tryIds(tally, context),
    );
    await report.check('stages with such ids stay in their folder', (tally) =>
      tryStageIds(tally, context),
    );
    await report.check('symlinks and files where folders should be', (tally) =>
      tryObstacles(tally, context),
    );
    await report.check('a run that cannot be read hides no other', (tally) =>
      tryUnreadable(tally, context),
    );
    await report.check('few file handles (ulimit -n)', (tally) => tryHandles(tally, context));
    const whyRoot = whyNoMount();
    if (whyRoot !== undefined) report.skip('a root that is read-only', whyRoot);
    else {
      await report.check('a root that is read-only', async (tally) => {
        const { argv, entry, commands } = context.commandLine;
        for (const { name, problems } of runInNamespace('./read-only-cases.mjs', {
          argv,
          entry,
          commands: [...commands],
        }))
          tally.add(name, problems);
      });
    }
    const whyRights = whyNoOtherUser();
    if (whyRights !== undefined) report.skip('missing rights, as another user', whyRights);
    else
      await report.check('missing rights, as another user', (tally) => tryRights(tally, context));
  },
};

function whyNoOtherUser() {
  if (process.getuid?.() !== 0) return 'only root can become another user';
  const { error, status } = spawnSync(dropRights[0], [
    ...dropRights.slice(1),
    process.execPath,
    '-e',
    '0',
  ]);
  if (error !== undefined) return 'setpriv is not installed';
  return status === 0 ? undefined : 'another user cannot run Node here';
}

const badIds = [
  '../x',
  '..',
  '.',
  '',
  'CON',
  'nul.txt',
  'a:b',
  'a/b',
  'a\\b',
  '/etc',
  'x'.repeat(300),
  'a\nb',
  ' ',
  'a\u0007',
];

/**
 * @param {import('../report.mjs').Tally} tally
 * @param {Context} context
 */
async function tryIds(tally, { commandLine, quick }) {
  for (const id of badIds.filter((_, index) => !quick || index % 4 === 0)) {
    for (const args of [
      ['start', `--task=${id}`],
      ['status', `--run=${id}`],
    ]) {
      await withRepository(commandLine, [{ id: 'a' }], async (repository) => {
        tally.add(
          `${args[0]} with ${JSON.stringify(id.slice(0, 20))}`,
          await wrongRefusal(repository, args, [2]),
        );
      });
    }
  }
}

/**
 * @param {import('../report.mjs').Tally} tally
 * @param {Context} context
 */
async function tryStageIds(tally, { commandLine, commands, quick }) {
  const ids = badIds.filter((id, index) => id !== '' && (!quick || index % 4 === 0));
  for (const id of ids) {
    await withRepository(commandLine, [{ id, command: 'echo out; exit 1' }], async (repository) => {
      const { exitCode, stdout } = await repository.call([
        'start',
        '--task',
        't',
        '--format',
        'json',
      ]);
      const strangers = repository
        .files()
        .filter(
          (path) => path.includes('.log') && !/\/commands\/01-[\w.-]{1,250}\.log$/.test(path),
        );
      const answered = exitCode === 1 || (exitCode === 2 && hasCode(stdout));
      tally.add(JSON.stringify(id.slice(0, 20)), [
        ...(answered ? [] : [`ended with ${exitCode}: ${stdout.slice(0, 300)}`]),
        ...strangers,
        ...beside(repository),
        ...(await judge(repository, commands)),
      ]);
    });
  }
}

/** @type {readonly { name: string, build: (repository: Repository) => void, exitCodes?: number[] }[]} */
const obstacles = [
  {
    name: 'the task folder is a symlink that leads out',
    build: (repository) => {
      link(repository, '.runs/t');
    },
  },
  {
    name: 'the folder of its runs is a symlink that leads out',
    build: (repository) => {
      mkdirSync(join(repository.root, '.runs/t'), { recursive: true });
      link(repository, '.runs/t/cli');
    },
  },
  {
    name: 'the task folder is a dangling symlink',
    build: (repository) => {
      mkdirSync(join(repository.root, '.runs'));
      symlinkSync('nowhere', join(repository.root, '.runs/t'));
    },
  },
  {
    name: 'the task folder is a symlink to itself',
    build: (repository) => {
      mkdirSync(join(repository.root, '.runs'));
      symlinkSync('t', join(repository.root, '.runs/t'));
    },
  },
  {
    name: 'the folder of runs is a file',
    build: (repository) => {
      writeFileSync(join(repository.root, '.runs'), '');
    },
  },
  {
    name: 'the task folder is a file',
    build: (repository) => {
      mkdirSync(join(repository.root, '.runs'));
      writeFileSync(join(repository.root, '.runs/t'), '');
    },
  },
  {
    name: 'the configuration is a folder',
    build: (repository) => {
      mkdirSync(join(repository.root, 'sub'));
      mkdirSync(join(repository.root, 'sub/codex.orchestrator.json'));
    },
  },
];

/**
 * @param {import('../report.mjs').Tally} tally
 * @param {Context} context
 */
async function tryObstacles(tally, { commandLine }) {
  for (const { name, build } of obstacles) {
    await withRepository(commandLine, [{ id: 'a' }], async (repository) => {
      build(repository);
      const cwd = name.startsWith('the configuration')
        ? join(repository.root, 'sub')
        : repository.root;
      tally.add(name, await wrongRefusal(repository, ['start', '--task=t'], [2, 3], { cwd }));
    });
  }
}

/**
 * @param {Repository} repository
 * @param {string} path
 */
function link(repository, path) {
  const outside = join(repository.folder, 'outside');
  mkdirSync(outside);
  mkdirSync(join(repository.root, '.runs'), { recursive: true });
  symlinkSync(outside, join(repository.root, path));
}

/** @type {readonly { name: string, build: (runs: string) => void, tells?: boolean }[]} */
const unreadables = [
  {
    name: 'a manifest of 0 bytes',
    build: (runs) => {
      damagedRun(runs, '');
    },
  },
  {
    name: 'a manifest that is no JSON',
    build: (runs) => {
      damagedRun(runs, '{"run_id":');
    },
  },
  {
    name: 'a manifest that is a list',
    build: (runs) => {
      damagedRun(runs, '[]');
    },
  },
  {
    name: 'a manifest that is a folder',
    build: (runs) => {
      mkdirSync(join(runs, strangeRun, 'manifest.json'), { recursive: true });
    },
  },
  {
    name: 'a run folder without anything',
    build: (runs) => {
      mkdirSync(join(runs, strangeRun));
    },
  },
  {
    name: 'a run that is a file',
    tells: false,
    build: (runs) => {
      writeFileSync(join(runs, strangeRun), '');
    },
  },
  {
    name: 'a run that is a symlink to itself',
    tells: false,
    build: (runs) => {
      symlinkSync(strangeRun, join(runs, strangeRun));
    },
  },
];
const strangeRun = '2026-01-06T06-53-37-814Z-c285a360';

/**
 * @param {string} runs
 * @param {string} manifest
 */
function damagedRun(runs, manifest) {
  mkdirSync(join(runs, strangeRun));
  writeFileSync(join(runs, strangeRun, 'manifest.json'), manifest);
}

/**
 * @param {import('../report.mjs').Tally} tally
 * @param {Context} context
 */
async function tryUnreadable(tally, { commandLine, commands }) {
  for (const { name, build, tells = true } of unreadables) {
    await withRepository(commandLine, [{ id: 'a' }], async (repository) => {
      await repository.call(['start', '--task', 't']);
      build(join(repository.root, '.runs', 't', 'cli'));
      const listed = await repository.call(['runs', '--format', 'json']);
      /** @type {{ runs: unknown[], unreadable: unknown[] }} */
      const { runs = [], unreadable = [] } = JSON.parse(listed.stdout);
      const problems = runs.length === 1 ? [] : [`${runs.length} runs listed of 1`];
      if (tells && unreadable.length !== 1) problems.push('the unreadable run is not named');
      const again = await repository.call(['start', '--task', 't', '--format', 'json']);
      if (again.exitCode !== 0)
        problems.push(`the next start ended with ${again.exitCode}: ${again.stdout.slice(0, 300)}`);
      if (commands.has('recover')) {
        const { exitCode, stderr } = await repository.call([
          'recover',
          '--all',
          '--format',
          'json',
        ]);
        if (exitCode === null || exitCode === 70)
          problems.push(`recover ended with ${exitCode}: ${stderr}`);
      }
      if (commands.has('verify') && tells) {
        const { exitCode, stdout } = await repository.call(['verify', '--all', '--format', 'json']);
        if (exitCode !== 1 && exitCode !== 3)
          problems.push(`verify ended with ${exitCode} beside it: ${stdout.slice(0, 300)}`);
      }
      tally.add(name, problems);
    });
  }
}

/**
 * From as few handles as the program can start with.
 *
 * @param {import('../report.mjs').Tally} tally
 * @param {Context} context
 */
async function tryHandles(tally, { commandLine, commands, quick }) {
  const least = leastHandles(commandLine.argv);
  const limits = Array.from({ length: 16 }, (_, index) => least + index);
  const outcomes = new Map();
  for (const limit of quick ? limits.filter((each) => each % 5 === 0) : limits) {
    await withRepository(commandLine, [{ id: 'a' }, { id: 'b' }], async (repository) => {
      const wrap = limited(limit);
      const { exitCode, signal, stdout, stderr } = await repository.call(
        ['start', '--task', 't', '--format', 'json'],
        { wrap },
      );
      outcomes.set(exitCode, (outcomes.get(exitCode) ?? 0) + 1);
      const answered = exitCode === 0 || exitCode === 1 || (exitCode === 3 && hasCode(stdout));
      tally.add(`${limit} handles`, [
        ...(answered
          ? []
          : [`ended with ${exitCode ?? signal}: ${(stderr + stdout).slice(0, 400)}`]),
        ...(await judge(repository, commands, {
          statuses: ['succeeded', 'failed', 'interrupted'],
        })),
      ]);
    });
  }
  tally.note([...outcomes].map(([code, count]) => `${count} ended with ${code}`).join(', '));
}

/** @param {readonly string[]} argv */
function leastHandles(argv) {
  for (let limit = 10; limit < 100; limit += 1) {
    const [program, ...args] = [...limited(limit), ...argv, 'self-check'];
    if (spawnSync(program, args, { stdio: 'ignore' }).status === 0) return limit;
  }
  throw new Error('The program does not start with 100 file handles');
}

/** @param {number} limit */
function limited(limit) {
  return ['sh', '-c', `ulimit -n ${limit}; exec "$0" "$@"`];
}

/** @type {readonly { name: string, build: (repository: Repository) => void, args?: string[], exitCodes?: number[] }[]} */
const rights = [
  { name: 'a root that belongs to somebody else', build: () => undefined },
  {
    name: 'a folder of runs that belongs to somebody else',
    build: (repository) => {
      own(repository.root);
      mkdirSync(join(repository.root, '.runs'));
    },
  },
  {
    name: 'a task folder that nobody may write to',
    build: (repository) => {
      own(repository.root);
      mkdirSync(join(repository.root, '.runs/t/cli'), { recursive: true });
    },
  },
  {
    name: 'a task folder that nobody may read',
    build: (repository) => {
      own(repository.root);
      mkdirSync(join(repository.root, '.runs/t'), { recursive: true });
      chmodSync(join(repository.root, '.runs/t'), 0);
    },
  },
  {
    name: 'a configuration that nobody may read',
    build: (repository) => {
      own(repository.root);
      chmodSync(join(repository.root, 'codex.orchestrator.json'), 0);
    },
  },
];

/**
 * @param {import('../report.mjs').Tally} tally
 * @param {Context} context
 */
async function tryRights(tally, { commandLine }) {
  for (const { name, build } of rights) {
    await withRepository(commandLine, [{ id: 'a' }], async (repository) => {
      chmodSync(repository.folder, 0o755);
      build(repository);
      tally.add(
        name,
        await wrongRefusal(repository, ['start', '--task=t'], [2, 3], { wrap: dropRights }),
      );
    });
  }
}

/** @param {string} path */
function own(path) {
  chownSync(path, nobody, nobody);
}

/**
 * A call that must be refused with a code, before anything has been made.
 *
 * @param {Repository} repository
 * @param {readonly string[]} args
 * @param {readonly number[]} exitCodes
 * @param {{ cwd?: string, wrap?: string[] }} [options]
 */
async function wrongRefusal(repository, args, exitCodes, options) {
  const before = everythingIn(repository.folder);
  const { exitCode, signal, stdout, stderr } = await repository.call(
    [...args, '--format', 'json'],
    options,
  );
  const made = everythingIn(repository.folder).filter((path) => !before.includes(path));
  return [
    ...(exitCode !== null && exitCodes.includes(exitCode)
      ? []
      : [`ended with ${exitCode ?? signal}: ${(stdout + stderr).slice(0, 400)}`]),
    ...(hasCode(stdout) ? [] : [`no code: ${(stdout + stderr).slice(0, 400)}`]),
    ...made.map((path) => `left: ${path}`),
  ];
}

/** @param {string} stdout */
function hasCode(stdout) {
  try {
    return typeof JSON.parse(stdout).error.code === 'string';
  } catch {
    return false;
  }
}

/** @param {string} folder */
function everythingIn(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' });
}

/**
 * What lies beside the repository and does not belong there.
 *
 * @param {Repository} repository
 */
function beside(repository) {
  return readdirSync(repository.folder).filter(
    (name) => !['home', 'marks', 'repository'].includes(name),
  );
}

/**
 * @param {import('../command-line.mjs').CommandLine} commandLine
 * @param {readonly import('../repository.mjs').Stage[]} stages
 * @param {(repository: Repository) => Promise<void>} work
 */
async function withRepository(commandLine, stages, work) {
  const repository = new Repository(commandLine, stages);
  try {
    await work(repository);
  } finally {
    repository.dispose();
  }
}
