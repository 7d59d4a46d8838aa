import { GateError } from '../errors.js';
import type { GatePorts } from '../gate/gate-ports.js';
import type { GateFacts } from '../gate/gate-result.js';
import { gitFailure } from './git-failure.js';
import { readRevisions } from './open-repository.js';
import type { Repository } from './open-repository.js';
import { checkRevision, shallowHint, unknownRevision } from './revision.js';
import type { NamedRevision } from './revision.js';

/** Where changes are counted from. */
export interface Base {
  /** As people call it, such as `origin/main`. */
  readonly name: string;
  /** Id of its commit; of the empty tree in a repository without commits. */
  readonly id: string;
  readonly source: BaseSource;
  /** What is compared with: the commit where base and HEAD part, where there is one, else the base. */
  readonly from: string;
  readonly repository: Repository;
  /** What is to be known about the comparison, one sentence each. */
  readonly warnings: readonly string[];
}

export type BaseSource =
  | '--base'
  | 'BASE_SHA'
  | 'DIFF_BUDGET_BASE'
  | 'settings'
  | 'origin/HEAD'
  | 'origin/main'
  | 'root-commit'
  /** Nothing was committed yet. */
  | 'no-commits';

/** A setting that can name a base. */
export interface BaseSetting {
  /** How people find it, such as `gates.diff-budget.base`. */
  readonly name: string;
  readonly revision: string | undefined;
}

/**
 * Finds where changes are counted from. The first of these that is there: the option `base`, the variables
 * `BASE_SHA` and `DIFF_BUDGET_BASE`, the given setting, `origin/main`, `origin/HEAD`, the first commit of
 * HEAD, the empty tree. One process where the first that is asked for exists.
 *
 * @throws GateError `INVALID_BASE` for a base that was named and is not there, and where a shallow clone
 * does not reach back to where changes begin; `NOT_A_REPOSITORY`; `GIT_FAILED`; `CANCELLED`
 */
export async function resolveBase(ports: GatePorts, setting?: BaseSetting): Promise<Base> {
  const named = namedBase(ports, setting);
  return named === undefined ? defaultBase(ports) : resolveNamed(ports, named);
}

/** The base as members of the facts of a gate. */
export function describeBase({ name, id, source, from }: Base): GateFacts {
  return { base: name, base_commit: id, base_source: source, compared_with: from };
}

interface NamedBase extends NamedRevision {
  readonly source: BaseSource;
}

function namedBase(
  { options, environment }: GatePorts,
  setting: BaseSetting | undefined,
): NamedBase | undefined {
  const candidates = [
    { source: '--base', place: '--base', revision: options.base },
    variable('BASE_SHA', environment),
    variable('DIFF_BUDGET_BASE', environment),
    { source: 'settings', place: setting?.name ?? 'settings', revision: setting?.revision },
  ] as const;
  for (const { source, place, revision } of candidates) {
    const name = revision?.trim() ?? '';
    if (name !== '') return { source, place, name };
  }
  return undefined;
}

function variable<Name extends string>(name: Name, environment: GatePorts['environment']) {
  return { source: name, place: name, revision: environment[name] };
}

async function resolveNamed(ports: GatePorts, named: NamedBase): Promise<Base> {
  const { name, source } = named;
  checkRevision(named);
  const { repository, ids } = await readRevisions(ports, [fork(name)]);
  if (ids !== null) return baseOf({ name, source }, repository, ids);
  const commit = `${name}^{commit}`;
  const argv = ['rev-parse', '--verify', '--quiet', '--end-of-options', commit];
  const { exitCode, output } = await ports.git(argv);
  // It is there, so it is HEAD that is not.
  if (exitCode !== 0) throw unknownRevision(named, repository);
  const id = output.trim();
  const warnings = [`HEAD has no commit yet: the files are compared with ${name} itself`];
  return { name, source, id, from: id, repository, warnings };
}

async function defaultBase(ports: GatePorts): Promise<Base> {
  for (const source of ['origin/main', 'origin/HEAD'] as const) {
    const { repository, ids } = await readRevisions(ports, [fork(`refs/remotes/${source}`)]);
    if (ids !== null) return baseOf({ name: source, source }, repository, ids);
  }
  return firstCommit(ports);
}

/** Stands for HEAD, the commit, and, with `^` before them, the commits where the two part. */
function fork(name: string): string {
  return `${name}^{commit}...HEAD^{commit}`;
}

function baseOf(
  who: Pick<Base, 'name' | 'source'>,
  repository: Repository,
  [, id = '', mergeBase]: readonly string[],
): Base {
  if (mergeBase !== undefined) {
    return { ...who, id, from: mergeBase.slice(1), repository, warnings: [] };
  }
  if (repository.isShallow) {
    throw notReached(`where ${JSON.stringify(who.name)} and HEAD part`);
  }
  const warning = `${who.name} and HEAD have no commit in common: the files are compared with ${who.name} itself`;
  return { ...who, id, from: id, repository, warnings: [warning] };
}

async function firstCommit(ports: GatePorts): Promise<Base> {
  const { repository } = await readRevisions(ports, []);
  const answer = await ports.git(['rev-list', '--max-parents=0', '--first-parent', 'HEAD']);
  const { emptyTree: id, isShallow } = repository;
  if (answer.exitCode === 128 && answer.complaint.includes('unknown revision')) {
    const name = 'the empty tree';
    return { name, source: 'no-commits', id, from: id, repository, warnings: [] };
  }
  if (answer.exitCode !== 0) throw gitFailure(answer, 'find the first commit of HEAD');
  if (isShallow) throw notReached('the first commit, and has neither origin/main nor origin/HEAD');
  const first = answer.output.trim();
  return {
    name: first,
    source: 'root-commit',
    id: first,
    from: first,
    repository,
    warnings: [],
  };
}

function notReached(where: string): GateError {
  const message = `Cannot tell what changed: this clone is shallow and does not reach back to ${where}`;
  return new GateError('INVALID_BASE', message, { hint: shallowHint });
}
