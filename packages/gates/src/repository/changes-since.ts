import { GateError } from '../errors.js';
import type { GatePorts } from '../gate/gate-ports.js';
import { ChangeList } from './change-list.js';
import type { Change } from './change.js';
import { compareWithDisk } from './compare-with-disk.js';
import { countMarkedText } from './count-marked-text.js';
import { textOfField } from './field-reader.js';
import { readFields } from './read-fields.js';
import { readUnseenFiles } from './read-unseen-files.js';
import type { UnwatchedFile } from './read-unseen-files.js';
import type { Base } from './resolve-base.js';

export interface ChangesOptions {
  /** Without them, lines are not counted and a renamed file is a deleted and an added one: that is much less work. @default true */
  readonly withLines?: boolean;
}

/**
 * What differs below the root between where the base says that changes begin and the files as they are now:
 * what was committed since, what is in the index, what is in the working tree alone, and files that git
 * neither knows nor ignores. Files that git was told not to look at count as new where their content is another
 * one than it knows. A file that was changed back is not in it. Sorted by path.
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
  const diff = [...diffArguments(withLines), from, '--'];
  const [, { untracked, unwatched }] = await Promise.all([
    readFields(ports, diff, `compare the files of '${ports.root}' with ${from}`, changes.pushDiff),
    readUnseenFiles(ports),
  ]);
  // A new file can stand where git knew a deleted one: that has to be known first.
  untracked.forEach(changes.pushUntracked);
  await addHidden(ports, changes, unwatched);
  const list = changes.list();
  if (withLines) await countMarkedText(ports, { from }, list);
  if (list.length === 0 && repository.isPart) await refuseIgnoredRoot(ports);
  return list;
}

/** What git would pass over, and what it would take for a new file although it is the old one. */
async function addHidden(
  ports: GatePorts,
  changes: ChangeList,
  unwatched: ReadonlyMap<string, UnwatchedFile>,
): Promise<void> {
  const replaced = changes.replaced();
  if (unwatched.size === 0 && replaced.size === 0) return;
  const known = new Map([...unwatched].map(([field, { id }]) => [textOfField(field), id]));
  for (const [field, id] of replaced) known.set(textOfField(field), id);
  const states = await compareWithDisk(ports, known);
  for (const [field, { isExpected }] of unwatched) {
    const state = states.get(textOfField(field));
    if (state === 'other') changes.pushHidden(field);
    else if (state === 'missing' && isExpected) changes.pushGone(field);
  }
  for (const field of replaced.keys()) {
    if (states.get(textOfField(field)) === 'same') changes.keepDeleted(field);
  }
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
  const list = changes.list();
  await countMarkedText(ports, { from, to }, list);
  return list;
}

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
