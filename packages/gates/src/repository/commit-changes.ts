import { GateError } from '../errors.js';
import type { GatePorts } from '../gate/gate-ports.js';
import type { Change } from './change.js';
import { changesBetween } from './changes-since.js';
import { gitFailure } from './git-failure.js';
import { readRevisions } from './open-repository.js';
import { checkRevision, shallowHint, unknownRevision } from './revision.js';

/** What one commit changed. */
export interface CommitChanges {
  /** Id of the commit. */
  readonly id: string;
  /** What it is compared with: its first parent, or the empty tree. */
  readonly from: string;
  /** Sorted by path. */
  readonly changes: readonly Change[];
}

/**
 * What one commit changed below the root, as its first parent sees it: of a merge, all that it brought.
 *
 * @throws GateError `INVALID_BASE` for a commit that is not there, or whose parent a shallow clone does not
 * have; `NOT_A_REPOSITORY`; `GIT_FAILED`; `CANCELLED`
 */
export async function readCommitChanges(
  ports: GatePorts,
  revision: string,
): Promise<CommitChanges> {
  const named = { name: revision.trim(), place: '--commit' };
  checkRevision(named);
  const commit = `${named.name}^{commit}`;
  const { repository, ids } = await readRevisions(ports, [commit, `${commit}^@`]);
  const [id, parent] = ids ?? [];
  if (id === undefined) throw unknownRevision(named, repository);
  if (parent === undefined && repository.isShallow) await refuseCutHistory(ports, id);
  const from = parent ?? repository.emptyTree;
  return { id, from, changes: await changesBetween(ports, from, id) };
}

/** Where a shallow clone ends, git takes a commit for one without parents; the commit itself knows better. */
async function refuseCutHistory({ git }: GatePorts, id: string): Promise<void> {
  const answer = await git(['cat-file', 'commit', id]);
  if (answer.exitCode !== 0) throw gitFailure(answer, `read the commit ${id}`);
  const [head = ''] = answer.output.split('\n\n', 1);
  if (!/^parent /m.test(head)) return;
  const message = `Cannot tell what the commit ${id} changed: its parent is not here`;
  throw new GateError('INVALID_BASE', message, { hint: shallowHint });
}
