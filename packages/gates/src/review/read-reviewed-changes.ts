import { relative } from 'node:path';

import type { GatePorts } from '../gate/gate-ports.js';
import type { Change } from '../repository/change.js';
import { changesSince } from '../repository/changes-since.js';
import { readCommitChanges } from '../repository/commit-changes.js';
import { gitFailure } from '../repository/git-failure.js';
import { resolveBase } from '../repository/resolve-base.js';
import { describeUnread, readFileInside } from '../text-files/read-file-inside.js';
import type { ReviewedChanges, ReviewedFile } from './build-review-prompt.js';
import { PatchKeeper } from './patch-keeper.js';

export interface ReadChanges extends ReviewedChanges {
  /** Name of the base, or of the commit alone. */
  readonly base: string;
  /** Where changes are counted from, as an id. */
  readonly from: string;
  readonly warnings: readonly string[];
}

/**
 * What is reviewed: one commit, or all that changed since the base that the diff budget goes by, what was not
 * committed and what git does not know yet included. Records of runs are no part of it.
 *
 * @param maxBytes What there is room for of the changes; of what is larger only a part is kept.
 * @throws GateError `INVALID_BASE`, `NOT_A_REPOSITORY`, `GIT_FAILED`, `CANCELLED`
 */
export async function readReviewedChanges(
  ports: GatePorts,
  maxBytes: number,
): Promise<ReadChanges> {
  const { options, settings } = ports;
  const keeper = new PatchKeeper(maxBytes);
  const commit = options.commit?.trim() ?? '';
  if (commit !== '') {
    const { id, from, changes } = await readCommitChanges(ports, commit);
    const files = await readPatches(ports, changes, { range: [from, id], keeper });
    const scope = `the commit ${commit} alone`;
    return { base: id, from, scope, files, patches: keeper.patches(), warnings: [] };
  }
  const name = 'gates.diff-budget.base';
  const base = await resolveBase(ports, { name, revision: settings['diff-budget']?.base });
  const changes = await changesSince(ports, base);
  const files = await readPatches(ports, changes, { range: [base.from], keeper });
  const { name: label, from, warnings } = base;
  const scope = `since ${label}, what is not committed included`;
  return { base: label, from, scope, files, patches: keeper.patches(), warnings };
}

interface PatchSource {
  /** Revisions for `git diff`. */
  readonly range: readonly string[];
  readonly keeper: PatchKeeper;
}

async function readPatches(
  ports: GatePorts,
  changes: readonly Change[],
  { range, keeper }: PatchSource,
): Promise<ReviewedFile[]> {
  const records = recordFolders(ports);
  const isRecord = ({ path }: Change): boolean =>
    records.some((folder) => path.startsWith(`${folder}/`));
  const reviewed = changes.filter((change) => !isRecord(change));
  const marked = reviewed
    .filter(({ isMarkedText }) => isMarkedText)
    .slice(0, maxMarkedFiles)
    .flatMap(({ path, oldPath }) => (oldPath === null ? [path] : [path, oldPath]));
  if (reviewed.some(({ isUntracked }) => !isUntracked)) {
    const excluded = [...(changes.some(isRecord) ? records : []), ...marked];
    const pathspecs = excluded.map((path) => `:(exclude,literal)${path}`);
    await readDiff(ports, [...range, '--', '.', ...pathspecs], keeper);
  }
  if (marked.length > 0) {
    const pathspecs = marked.map((path) => `:(literal)${path}`);
    await readDiff(ports, ['--text', ...range, '--', ...pathspecs], keeper);
  }
  return reviewed.map((change) => (change.isUntracked ? addNew(ports, change, keeper) : change));
}

/** Of more only the names and sizes are told: each is an argument. */
const maxMarkedFiles = 500;

async function readDiff(
  { git, root }: Pick<GatePorts, 'git' | 'root'>,
  argv: readonly string[],
  keeper: PatchKeeper,
): Promise<void> {
  const answer = await git(['diff', ...plain, ...argv], { onOutput: keeper.push });
  if (answer.exitCode !== 0) throw gitFailure(answer, `show what changed in '${root}'`);
  keeper.end();
}

const plain = [
  '--patch',
  '--relative',
  '--find-renames',
  '-l400',
  '--no-color',
  '--no-ext-diff',
  '--no-textconv',
  '--ignore-submodules=dirty',
];

/** Of a larger file that git does not know nothing is shown. */
const maxNewFileBytes = 1024 * 1024;

/** A file that git does not know, as `git diff` would show it if it did. */
function addNew(ports: GatePorts, change: Change, keeper: PatchKeeper): ReviewedFile {
  const { path, isSubmodule } = change;
  const header = `diff --git a/${path} b/${path}\nnew file, not in the index of git\n`;
  const reading = isSubmodule ? undefined : readFileInside(ports, path, maxNewFileBytes);
  if (reading?.kind !== 'read') {
    const why = reading === undefined ? 'it is a repository' : describeUnread(reading);
    keeper.add(`${header}not shown: ${why}\n`);
    return { ...change, status: 'new' };
  }
  if (reading.bytes.includes(0)) {
    keeper.add(`${header}Binary file, ${reading.bytes.length} bytes\n`);
    return { ...change, status: 'new', isBinary: true };
  }
  const lines = reading.bytes.toString().split('\n');
  if (lines.at(-1) === '') lines.pop();
  keeper.add(
    `${header}@@ -0,0 +1,${lines.length} @@\n${lines.map((line) => `+${line}\n`).join('')}`,
  );
  return { ...change, status: 'new', added: lines.length };
}

/** Folders of records below the root, relative to it. */
function recordFolders({ root, runsDir, outDir }: GatePorts): readonly string[] {
  return [runsDir, outDir]
    .map((folder) => relative(root, folder).replaceAll('\\', '/'))
    .filter((folder) => folder !== '' && folder !== '..' && !folder.startsWith('../'));
}
