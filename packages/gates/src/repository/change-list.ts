import type { Change, ChangeStatus } from './change.js';
import { textOfField } from './field-reader.js';

type Changing = { -readonly [Name in keyof Change]: Change[Name] };

/** Puts together what `git diff --raw --numstat -z` and `git ls-files -z` say of the same files. */
export class ChangeList {
  /** By the bytes of the path: names that are no UTF-8 can look alike as text. */
  readonly #changes = new Map<string, Changing>();
  /** Ids of what is deleted as far as git knows, by the bytes of the path. */
  readonly #deletedIds = new Map<string, string>();
  /** What is known of the file whose paths come in the next fields. */
  #pending: Pending | undefined;

  /** Takes the next field of the output of `git diff`. */
  readonly pushDiff = (field: string): void => {
    const pending = this.#pending;
    if (pending === undefined) this.#pushHeader(field);
    else if (pending.oldPath === undefined && pending.hasTwoPaths) pending.oldPath = field;
    else {
      this.#pending = undefined;
      this.#finish(pending, field);
    }
  };

  /** Takes the next field of the output of `git ls-files --others`. */
  readonly pushUntracked = (field: string): void => {
    // A slash at the end stands for a repository of its own.
    const isSubmodule = field.endsWith('/');
    const path = isSubmodule ? field.slice(0, -1) : field;
    const known = this.#changes.get(path);
    if (known === undefined) {
      this.#changes.set(path, { ...emptyChange(path), isUntracked: true, isSubmodule });
      return;
    }
    known.isUntracked = true;
    if (known.status === 'deleted') known.status = 'modified';
  };

  /** Takes a file that git takes for what it was because somebody told it to: on disk it is another one. */
  readonly pushHidden = (field: string): void => {
    const change = this.#changes.get(field) ?? { ...emptyChange(field), status: 'modified' };
    change.isUntracked = true;
    this.#changes.set(field, change);
  };

  /** Takes one of those that is no longer there. */
  readonly pushGone = (field: string): void => {
    this.#changes.set(field, { ...emptyChange(field), status: 'deleted' });
  };

  /** What stands untracked in the place of a deleted file: by the bytes of the path, the id that git had there. */
  replaced(): ReadonlyMap<string, string> {
    const untracked = [...this.#deletedIds].filter(
      ([path]) => this.#changes.get(path)?.isUntracked === true,
    );
    return new Map(untracked);
  }

  /** Takes it that what stands there is what was deleted: then nothing was done but that. */
  readonly keepDeleted = (field: string): void => {
    const change = this.#changes.get(field);
    if (change !== undefined) change.status = 'deleted';
  };

  /** All of them, by path. */
  list(): readonly Change[] {
    return [...this.#changes.values()].sort(byPath);
  }

  #pushHeader(field: string): void {
    if (field.startsWith(':')) {
      this.#pending = readRawHeader(field);
      return;
    }
    const [added = '', deleted = '', ...path] = field.split('\t');
    const pending = { kind: 'count' as const, added, deleted, hasTwoPaths: true };
    // The paths of a renamed file follow behind an empty one.
    if (path.length === 1 && path[0] === '') this.#pending = pending;
    else this.#finish(pending, path.join('\t'));
  }

  #finish(pending: Pending, path: string): void {
    if (pending.kind === 'raw') this.#addRaw(pending, path);
    else this.#addCount(pending, path);
  }

  #addRaw({ status, isSubmodule, oldPath, oldId }: RawHeader, path: string): void {
    const known = this.#changes.get(path);
    const change = known ?? emptyChange(path);
    // One in conflict is named again with what became of it.
    if (known?.status !== 'unmerged') change.status = status;
    change.oldPath = oldPath === undefined ? null : textOfField(oldPath);
    change.isSubmodule = isSubmodule;
    this.#changes.set(path, change);
    if (status === 'deleted' && !isSubmodule) this.#deletedIds.set(path, oldId);
  }

  #addCount({ added, deleted }: CountHeader, path: string): void {
    const change = this.#changes.get(path);
    if (change === undefined || change.isSubmodule) return;
    if (added === '-') {
      change.isBinary = true;
      return;
    }
    change.added += Number(added);
    change.deleted += Number(deleted);
  }
}

interface RawHeader {
  readonly kind: 'raw';
  readonly status: ChangeStatus;
  readonly isSubmodule: boolean;
  readonly oldId: string;
  readonly hasTwoPaths: boolean;
  oldPath?: string;
}

interface CountHeader {
  readonly kind: 'count';
  readonly added: string;
  readonly deleted: string;
  readonly hasTwoPaths: boolean;
  oldPath?: string;
}

type Pending = CountHeader | RawHeader;

/** `:<old mode> <new mode> <old id> <new id> <letter>[<likeness>]`, with six digits a mode. */
function readRawHeader(field: string): RawHeader {
  const letter = field.charAt(field.lastIndexOf(' ') + 1);
  const newMode = field.slice(8, 14);
  const mode = newMode === '000000' ? field.slice(1, 7) : newMode;
  return {
    kind: 'raw',
    status: statuses[letter] ?? 'modified',
    isSubmodule: mode === '160000',
    oldId: field.split(' ', 3)[2] ?? '',
    hasTwoPaths: letter === 'R' || letter === 'C',
  };
}

const statuses: Readonly<Record<string, ChangeStatus>> = {
  A: 'added',
  C: 'copied',
  D: 'deleted',
  M: 'modified',
  R: 'renamed',
  T: 'type-changed',
  U: 'unmerged',
};

function emptyChange(path: string): Changing {
  return {
    path: textOfField(path),
    oldPath: null,
    status: 'added',
    added: 0,
    deleted: 0,
    isBinary: false,
    isMarkedText: false,
    isUntracked: false,
    isSubmodule: false,
  };
}

function byPath(one: Change, other: Change): number {
  if (one.path === other.path) return 0;
  return one.path < other.path ? -1 : 1;
}
