import type { GitAnswer } from '@codex-orchestrator/exec';

import { GateError } from '../errors.js';
import type { GatePorts } from '../gate/gate-ports.js';
import { gitFailure } from './git-failure.js';

/** What is known about the repository that the root lies in. */
export interface Repository {
  /** Whether commits are missing that its history has. */
  readonly isShallow: boolean;
  /** Whether the root is a folder of the repository and not its top: only what lies below counts. */
  readonly isPart: boolean;
  /** Id of the tree without files, which git knows everywhere. */
  readonly emptyTree: string;
}

/** The repository, and what revisions in it stand for. */
export interface Revisions {
  readonly repository: Repository;
  /** In the order of git; `^` stands before those that are excluded. Null where one does not exist. */
  readonly ids: readonly string[] | null;
}

/**
 * Looks at the repository of the root, by one process.
 *
 * @throws GateError `NOT_A_REPOSITORY` without a git, a repository or a working tree; `GIT_FAILED`; `CANCELLED`
 */
export async function openRepository(ports: GatePorts): Promise<Repository> {
  return (await readRevisions(ports, [])).repository;
}

/**
 * `openRepository`, and what some revisions stand for, by the same process.
 *
 * @param expressions For `git rev-parse`; none may begin with `-` or hold a line break.
 */
export async function readRevisions(
  { git, root }: Pick<GatePorts, 'git' | 'root'>,
  expressions: readonly string[],
): Promise<Revisions> {
  const answer = await git(['rev-parse', ...questions, ...expressions]);
  const lines = answer.output.split('\n').slice(0, -1);
  const [isInside, isShallow, objectFormat, prefix, ...rest] = lines;
  if (isInside !== 'true' || prefix === undefined) throw noRepository(root, answer, isInside);
  // A revision that does not exist is not the only reason to fail.
  if (answer.exitCode !== 0 && answer.exitCode !== 128) throw gitFailure(answer, askAbout(root));
  const repository = {
    isShallow: isShallow === 'true',
    isPart: prefix !== '',
    emptyTree: emptyTreeOf(objectFormat),
  };
  const ids = rest.filter((line) => /^\^?[0-9a-f]{40,64}$/.test(line));
  return { repository, ids: answer.exitCode === 0 ? ids : null };
}

/** Git answers them line by line before it looks at revisions. */
const questions = [
  '--is-inside-work-tree',
  '--is-shallow-repository',
  '--show-object-format',
  '--show-prefix',
];

function noRepository(root: string, answer: GitAnswer, isInside: string | undefined): GateError {
  if (isInside !== 'false') return gitFailure(answer, askAbout(root));
  const message = `Cannot ${askAbout(root)}: it lies in no working tree`;
  return new GateError('NOT_A_REPOSITORY', message);
}

function askAbout(root: string): string {
  return `ask git about '${root}'`;
}

function emptyTreeOf(objectFormat: string | undefined): string {
  return objectFormat === 'sha256'
    ? '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321'
    : '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
}
