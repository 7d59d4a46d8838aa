import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { judge, leftProcesses, leftTemporaryFiles, lostEvents, wrongStages } from '../judge.mjs';
import { launch } from '../launch.mjs';
import { Repository } from '../repository.mjs';
import { Report } from '../report.mjs';
import { until } from '../until.mjs';

/**
 * @typedef {object} Damage
 * @property {string} name
 * @property {string} [needs] The command without which nobody can notice.
 * @property {(folder: string, repository: Repository) => void} inflict
 */

/** @type {readonly Damage[]} */
const damages = [
  {
    name: 'a manifest that is no JSON',
    inflict: (folder) => {
      writeFileSync(join(folder, 'manifest.json'), '{');
    },
  },
  {
    name: 'an altered event',
    needs: 'verify',
    inflict: (folder) => {
      edit(join(folder, 'runner.ndjson'), '"exit_code":0', '"exit_code":1');
    },
  },
  {
    name: 'an event taken out',
    needs: 'verify',
    inflict: (folder) => {
      dropLine(join(folder, 'runner.ndjson'), 2);
    },
  },
  {
    name: 'the last event cut off',
    needs: 'verify',
    inflict: (folder) => {
      dropLine(join(folder, 'runner.ndjson'), -1);
    },
  },
  {
    name: 'an altered log',
    needs: 'verify',
    inflict: (folder) => {
      edit(join(folder, 'commands', '01-a.log'), 'output', 'Output');
    },
  },
  {
    name: 'an altered manifest',
    needs: 'verify',
    inflict: (folder) => {
      edit(join(folder, 'manifest.json'), '"exit_code": 0', '"exit_code": 1');
    },
  },
];

/** @type {import('../run-parts.mjs').Part} */
export const selfCheck = {
  id: 'self-check',
  title: 'The suite itself: does it see what is broken?',
  async run(report, context) {
    await report.check('damage on purpose is seen', (tally) => seeDamage(tally, context));
    await report.check('the judge sees lies, losses and leftovers', (tally) =>
      seeLies(tally, context),
    );
    await report.check('a check that breaks counts as lost', async (tally) => {
      const inner = new Report('inner', () => undefined);
      await inner.check('throws', () => Promise.reject(new Error('on purpose')));
      await inner.check('tries nothing', () => Promise.resolve());
      const lost = inner.results.filter((result) => result.lost === 1).length;
      tally.add('two broken checks', lost === 2 ? [] : [`${lost} of 2 counted`]);
    });
  },
};

/**
 * @param {import('../report.mjs').Tally} tally
 * @param {import('../run-parts.mjs').Context} context
 */
async function seeDamage(tally, { commandLine, commands }) {
  // A recovery would write a lost manifest anew.
  const readers = new Set([...commands].filter((name) => name !== 'recover'));
  for (const { name, needs, inflict } of damages) {
    if (needs !== undefined && !commands.has(needs)) {
      tally.note(`not tried without \`${needs}\`: ${name}`);
      continue;
    }
    const repository = new Repository(commandLine, [{ id: 'a' }, { id: 'b' }]);
    try {
      await repository.call(['start', '--task', 't']);
      const before = await judge(repository, commands, { stages: ['a', 'b'] });
      inflict(repository.runs()[0].folder, repository);
      const after = await judge(repository, readers).catch((error) => [String(error)]);
      tally.add(name, [
        ...before.map((text) => `before: ${text}`),
        ...(after.length > 0 ? [] : ['not seen']),
      ]);
    } finally {
      repository.dispose();
    }
  }
}

/**
 * @param {import('../report.mjs').Tally} tally
 * @param {import('../run-parts.mjs').Context} context
 */
async function seeLies(tally, { commandLine }) {
  const repository = new Repository(commandLine, [{ id: 'a' }, { id: 'b', command: 'true' }]);
  try {
    const { stdout } = await repository.call(['start', '--task', 't', '--format', 'ndjson']);
    const [{ id, folder }] = repository.runs();
    const seen = (/** @type {string} */ name, /** @type {string[]} */ problems) => {
      tally.add(name, problems.length > 0 ? [] : ['not seen']);
    };
    tally.add('nothing is wrong at first', [
      ...lostEvents(repository, stdout),
      ...(await wrongStages(repository, id, { stages: ['a'] })),
    ]);
    seen('a success that left no mark', await wrongStages(repository, id, { stages: ['b'] }));
    seen(
      'an event that only the reader has',
      lostEvents(repository, stdout.replace('"seq":3', '"seq":33')),
    );
    writeFileSync(join(folder, '.manifest.json.1-ab.atomic-tmp'), '');
    seen('a temporary file', leftTemporaryFiles(repository));
    const sleeper = launch(['sleep', '60'], {
      env: { ...repository.env, CODEX_ORCHESTRATOR_RUN_DIR: folder },
    });
    await until(
      'the process to show',
      () => readFileSync(`/proc/${sleeper.pid}/comm`, 'utf8') === 'sleep\n',
    );
    seen('a process', leftProcesses(repository.folder));
    sleeper.child.kill('SIGKILL');
    await sleeper.ended;
  } finally {
    repository.dispose();
  }
}

/**
 * @param {string} path
 * @param {string} from
 * @param {string} to
 */
function edit(path, from, to) {
  const text = readFileSync(path, 'utf8');
  if (!text.includes(from)) throw new Error(`"${path}" has no ${from}`);
  writeFileSync(path, text.replace(from, to));
}

/**
 * @param {string} path
 * @param {number} index
 */
function dropLine(path, index) {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  lines.splice(index, 1);
  writeFileSync(path, `${lines.join('\n')}\n`);
}
