import { resolve } from 'node:path';

import { err, ok } from '@codex-orchestrator/core';
import type { Result } from '@codex-orchestrator/core';

import type { Git, GitAnswer } from '@codex-orchestrator/exec';

/** Where the parts of a repository are, absolute, and where it stands. */
export interface Repository {
  /** Top folder of the work tree. */
  readonly top: string;
  /** Way from the top to the root, without a `/` at its end; empty where they are the same. */
  readonly prefix: string;
  /** What all work trees of the repository share. */
  readonly commonDir: string;
  readonly objectsDir: string;
  readonly indexPath: string;
  readonly excludePath: string;
  readonly attributesPath: string;
  readonly objectFormat: string;
  /** Commit and tree of HEAD; null where nothing is committed yet. */
  readonly head: { readonly commit: string; readonly tree: string } | null;
}

const questions = [
  '--show-toplevel',
  '--show-prefix',
  '--git-common-dir',
  ...['objects', 'index', 'info/exclude', 'info/attributes'].flatMap((path) => [
    '--git-path',
    path,
  ]),
  '--show-object-format',
];

const answers = 8;

/** Finds the repository that a folder is in, with one process; or says in one sentence why there is none. */
export async function findRepository(root: string, git: Git): Promise<Result<Repository, string>> {
  // Without a commit the last two fail, after everything else has been printed.
  return parseRepository(
    root,
    await git(['rev-parse', ...questions, 'HEAD^{commit}', 'HEAD^{tree}']),
  );
}

/** The pure part of `findRepository`. */
export function parseRepository(root: string, answer: GitAnswer): Result<Repository, string> {
  const lines = answer.output.split('\n');
  const [top, prefix, common, objects, index, exclude, attributes, objectFormat] = lines;
  if (answer.exitCode === 127) return err('There is no git program.');
  if (lines.length < answers || !top || !common || !objects || !index || !exclude || !attributes) {
    return err(
      `git does not work in '${root}': ${answer.complaint || 'its answer is not understood'}.`,
    );
  }
  const [commit = '', tree = ''] = lines.slice(answers);
  return ok({
    top,
    prefix: prefix?.replace(/\/$/, '') ?? '',
    commonDir: resolve(root, common),
    objectsDir: resolve(root, objects),
    indexPath: resolve(root, index),
    excludePath: resolve(root, exclude),
    attributesPath: resolve(root, attributes),
    objectFormat: objectFormat ?? 'sha1',
    head: isObjectId(commit) && isObjectId(tree) ? { commit, tree } : null,
  });
}

export function isObjectId(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}
