import { untrustedReadFlags, withFile } from '@codex-orchestrator/core';

import type { GatePorts } from '../gate/gate-ports.js';
import type { Change } from './change.js';
import { gitFailure } from './git-failure.js';

/** What is compared; without `to`, the files as they are now. */
export interface Compared {
  readonly from: string;
  readonly to?: string;
}

type Counted = { -readonly [Name in keyof Change]: Change[Name] };

/**
 * Counts the lines of text that attributes of the repository call binary (`-diff`, `binary`): whoever changes
 * a file can write those as well. What has the bytes of a binary file stays one without lines.
 *
 * @param changes Those between the two; brought up to date in place.
 * @throws GateError `GIT_FAILED`, `CANCELLED`
 */
export async function countMarkedText(
  ports: GatePorts,
  compared: Compared,
  changes: readonly Counted[],
): Promise<void> {
  for (const change of changes.filter(({ isBinary, isSubmodule }) => isBinary && !isSubmodule)) {
    if (!(await isText(ports, change.path, compared.to))) continue;
    Object.assign(change, await countAsText(ports, compared, change));
  }
}

/** Counts what hunks say of themselves: git counts no lines of what is called binary, also when it shows them. */
async function countAsText(
  { git, root }: GatePorts,
  { from, to }: Compared,
  { path, oldPath }: Change,
): Promise<Pick<Change, 'added' | 'deleted' | 'isBinary' | 'isMarkedText'>> {
  const count = { added: 0, deleted: 0, isBinary: false, isMarkedText: true };
  const reader = createLineReader((line) => {
    const [isHunk, deleted = '1', added = '1'] = hunk.exec(line) ?? [];
    if (isHunk === undefined) return;
    count.added += Number(added);
    count.deleted += Number(deleted);
  });
  const paths = oldPath === null ? [path] : [path, oldPath];
  const argv = [
    '--literal-pathspecs',
    'diff',
    ...asText,
    from,
    ...(to === undefined ? [] : [to]),
    '--',
    ...paths,
  ];
  const answer = await git(argv, { onOutput: reader });
  if (answer.exitCode !== 0) throw gitFailure(answer, `count the changed lines of '${root}'`);
  return count;
}

const asText = [
  ...['--patch', '--unified=0', '--inter-hunk-context=0', '--text', '--find-renames'],
  ...['--relative', '--no-color', '--no-ext-diff', '--no-textconv'],
];

/** No line of a file begins so in a patch: it has a sign before it. */
const hunk = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/;

const maxLineCharacters = 100;

/** Takes output apart into the beginnings of its lines. */
function createLineReader(onLine: (line: string) => void): (bytes: Buffer) => void {
  let rest = '';
  return (bytes) => {
    const lines = (rest + bytes.toString('latin1')).split('\n');
    rest = (lines.pop() ?? '').slice(0, maxLineCharacters);
    lines.forEach(onLine);
  };
}

/** As many bytes as git looks at to see whether a file is binary. */
const binaryProbeBytes = 8000;

/** Of a file that is gone nobody can tell here: it keeps what git says of it. */
function isText(ports: GatePorts, path: string, commit: string | undefined): Promise<boolean> {
  return commit === undefined
    ? Promise.resolve(isTextOnDisk(ports, path))
    : isTextIn(commit, ports, path);
}

async function isTextIn(commit: string, { git }: GatePorts, path: string): Promise<boolean> {
  let seenBytes = 0;
  let hasZero = false;
  const answer = await git(['cat-file', 'blob', `${commit}:./${path}`], {
    onOutput: (bytes) => {
      if (seenBytes < binaryProbeBytes) {
        hasZero ||= bytes.subarray(0, binaryProbeBytes - seenBytes).includes(0);
      }
      seenBytes += bytes.length;
    },
  });
  return answer.exitCode === 0 && !hasZero;
}

function isTextOnDisk({ fs, root }: Pick<GatePorts, 'fs' | 'root'>, path: string): boolean {
  try {
    return withFile(fs, { path: `${root}/${path}`, flags: untrustedReadFlags }, (fd) => {
      if (!fs.fstat(fd).isFile()) return false;
      const probe = Buffer.alloc(binaryProbeBytes);
      return !probe.subarray(0, fs.read(fd, probe, 0)).includes(0);
    });
  } catch {
    return false;
  }
}
