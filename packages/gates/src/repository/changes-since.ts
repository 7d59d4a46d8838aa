import { GateError } from '../errors.js';
import type { GatePorts } from '../gate/gate-ports.js';
import { ChangeList } from './change-list.js';
import type { Change } from './change.js';
import { readFields } from './read-fields.js';
import type { Base } from './resolve-base.js';

export interface ChangesOptions {
  /** Without them, lines are not counted and a renamed file is a deleted and an added one: that is much less work. @default true */
  readonly withLines?: boolean;
}

/**
 * What differs below the root between where the base says that changes begin and the files as they are now:
 * what was committed since, what is in the index, what is in the working tree alone, and files that git
 * neither knows nor ignores. A file that was changed back is not in it. Sorted by path.
 *
 * Of a submodule only another commit counts, not what lies uncommitted in it.
 *
 * @throws GateError `GIT_FAILED`, `CANCELLED`; `NOT_A_REPOSITORY` where the repository ignores the root
 */
export async function changesSince(
  ports: GatePorts,
  { from, repository }: Pick<Base, 'from' | 'repository'>,
  { withLines = true }: ChangesOptions = {},
): Promise<readonly Change[]> {
  const changes = new ChangeList();
  const untracked: string[] = [];
  const diff = [...diffArguments(withLines), from, '--'];
  await Promise.all([
    readFields(ports, diff, `compare the files of '${ports.root}' with ${from}`, changes.pushDiff),
    readFields(ports, listUntracked, `list new files of '${ports.root}'`, (field) => {
      untracked.push(field);
    }),
  ]);
  // A new file can stand where git knew a deleted one: that has to be known first.
  untracked.forEach(changes.pushUntracked);
  const list = changes.list();
  if (list.length === 0 && repository.isPart) await refuseIgnoredRoot(ports);
  return list;
}

/** What differs below the root between two trees. */
export async function changesBetween(
  ports: GatePorts,
  from: string,
  to: string,
): Promise<readonly Change[]> {
  const changes = new ChangeList();
  const argv = [...diffArguments(true), from, to, '--'];
  await readFields(ports, argv, `compare ${to} with ${from}`, changes.pushDiff);
  return changes.list();
}

const listUntracked = ['ls-files', '-o', '--exclude-standard', '-z'];

function diffArguments(withLines: boolean): readonly string[] {
  const what = withLines ? ['--numstat', '-M', `-l${maxRenameCandidates}`] : ['--no-renames'];
  return ['diff', '--raw', '-z', ...what, ...plain];
}

/** Each pair of a deleted and an added file is compared: beyond it only those that are the same are found. */
const maxRenameCandidates = 400;

/** What a configuration could say otherwise. */
const plain = [
  '--relative',
  '--no-abbrev',
  '--no-color',
  '--no-ext-diff',
  '--no-textconv',
  '--ignore-submodules=dirty',
];

/** Git tells nothing about what it ignores as a whole, which is not the same as that nothing changed. */
async function refuseIgnoredRoot({ git, root }: GatePorts): Promise<void> {
  const known = await git(['ls-files', '--error-unmatch', '--', '.']);
  if (known.exitCode === 0) return;
  const ignored = await git(['check-ignore', '--quiet', '.']);
  if (ignored.exitCode !== 0) return;
  const message = `Cannot ask git about '${root}': its repository ignores the folder`;
  throw new GateError('NOT_A_REPOSITORY', message);
}
