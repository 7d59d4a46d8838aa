import { RlmError } from '../errors.js';
import type { Git } from '@codex-orchestrator/exec';
import type { IsolationState } from './isolation-state.js';
import type { Identity } from './private-config.js';

export interface ResultBranchSettings {
  /** Of the private repository, which reads nothing that an agent configured. */
  readonly privateGit: Git;
  /** Of the repository that has the branch. */
  readonly git: Git;
  readonly identity: Identity;
  /** The name that it was to have. */
  readonly wanted: string;
  readonly state: IsolationState;
  /** Called before anything changes that the state tells of. */
  readonly save: (state: IsolationState) => Promise<void>;
  readonly nowMs: () => number;
}

/** More branches of one name than a person makes. */
const maxNames = 50;

/**
 * The branch with the result of an isolated loop: one commit on top of what the loop began with. It is
 * moved only from a commit that the loop put there itself, and only where nobody has it checked out;
 * otherwise the result goes to a branch of the next free name, `<branch>-2` and so on.
 */
export class ResultBranch {
  readonly #settings: ResultBranchSettings;
  #state: IsolationState;
  #last: { readonly key: string; readonly commit: string } | undefined;

  constructor(settings: ResultBranchSettings) {
    this.#settings = settings;
    this.#state = settings.state;
  }

  get name(): string {
    return this.#state.branch;
  }

  /** @throws RlmError `GIT_FAILED`, `BRANCH_UNAVAILABLE` */
  async keep(tree: string, message: string): Promise<string> {
    const key = `${tree} ${message}`;
    const isKnown =
      this.#last?.key === key && (await this.#tipOf(this.name)).commit === this.#last.commit;
    const commit = isKnown && this.#last ? this.#last.commit : await this.#commit(tree, message);
    if (!isKnown) await this.#place(commit);
    this.#last = { key, commit };
    return commit;
  }

  async #commit(tree: string, message: string): Promise<string> {
    const { privateGit, identity, nowMs } = this.#settings;
    const date = `${Math.floor(nowMs() / 1000)} +0000`;
    const argv = ['commit-tree', tree, '-p', this.#state.startCommit, '-m', message];
    const answer = await privateGit(argv, {
      env: {
        GIT_AUTHOR_NAME: identity.name,
        GIT_AUTHOR_EMAIL: identity.email,
        GIT_AUTHOR_DATE: date,
        GIT_COMMITTER_NAME: identity.name,
        GIT_COMMITTER_EMAIL: identity.email,
        GIT_COMMITTER_DATE: date,
      },
    });
    if (answer.exitCode === 0) return answer.output.trim();
    throw new RlmError('GIT_FAILED', `Cannot make a commit of ${tree}: ${answer.complaint}`);
  }

  async #place(commit: string): Promise<void> {
    const { wanted } = this.#settings;
    let complaint = 'all names are taken';
    for (const name of new Set([this.name, ...namesLike(wanted)])) {
      const tip = await this.#tipOf(name);
      const isOwn = tip.commit !== null && this.#state.kept.includes(tip.commit);
      if (tip.commit !== null && (!isOwn || tip.isCheckedOut)) continue;
      await this.#save({ ...this.#state, branch: name, kept: [...this.#state.kept, commit] });
      const old = tip.commit ?? '0'.repeat(commit.length);
      const argv = ['update-ref', '--no-deref', '-m', 'result of an agent loop'];
      const answer = await this.#settings.git([...argv, `refs/heads/${name}`, commit, old]);
      if (answer.exitCode === 0) return;
      complaint = answer.complaint;
      // Either somebody was faster, and the next name may be free; or no name like this one can be.
      if ((await this.#tipOf(name)).commit === null) break;
    }
    throw new RlmError(
      'BRANCH_UNAVAILABLE',
      `Cannot put ${commit} on a branch '${wanted}': ${complaint}`,
    );
  }

  async #save(state: IsolationState): Promise<void> {
    await this.#settings.save(state);
    this.#state = state;
  }

  #tipOf(name: string): Promise<BranchTip> {
    return readTip(this.#settings.git, name);
  }
}

export interface BranchTip {
  /** Null where there is no such branch. */
  readonly commit: string | null;
  readonly isCheckedOut: boolean;
}

/** @throws RlmError `GIT_FAILED` */
export async function readTip(git: Git, branch: string): Promise<BranchTip> {
  const ref = `refs/heads/${branch}`;
  const format = '--format=%(refname)%00%(objectname)%00%(worktreepath)%00';
  const { exitCode, output, complaint } = await git(['for-each-ref', format, ref]);
  if (exitCode !== 0) throw new RlmError('GIT_FAILED', `Cannot read '${ref}': ${complaint}`);
  const lines = output.split('\0\n').map((line) => line.split('\0'));
  // The pattern also means what is below it.
  const found = lines.find(([name]) => name === ref);
  return { commit: found?.[1] ?? null, isCheckedOut: (found?.[2] ?? '') !== '' };
}

/** The first of the names that no branch has yet. */
export async function freeBranchName(git: Git, branch: string): Promise<string> {
  for (const name of namesLike(branch)) {
    if ((await readTip(git, name)).commit === null) return name;
  }
  return branch;
}

/** Whether a branch has one of the names that the result of a loop can get. */
export function isNameLike(wanted: string, name: string): boolean {
  return namesLike(wanted).includes(name);
}

function namesLike(branch: string): readonly string[] {
  return Array.from({ length: maxNames }, (_, index) =>
    index === 0 ? branch : `${branch}-${index + 1}`,
  );
}
