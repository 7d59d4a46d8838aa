import type { Git, GitAnswer } from '@codex-orchestrator/exec';

import { GateError } from '../errors.js';
import { dayOf } from '../calendar/calendar-day.js';

/** Git looks through its history faster on its own than with more paths to look for. */
const mostNamedPaths = 10;

/**
 * Days since the epoch, UTC, of the last commit on HEAD that changed each path. Paths that no commit has,
 * and all of them where there is no git, are not in the answer. A clone without its history has the day
 * of its oldest commit for what is older. What a merge alone changed counts as before that merge.
 *
 * @param paths Relative to the root, with `/`.
 * @throws GateError `GIT_FAILED` where the history cannot be read in a minute.
 */
export async function lastCommitDays(
  git: Git,
  paths: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (paths.length === 0) return new Map();
  const days = new Map<string, number>();
  const { exitCode, complaint } = await readHistory(git, paths, days);
  if (exitCode !== timedOut) return days;
  const message = `Cannot read when ${paths.length} documents were changed last: ${complaint}`;
  throw new GateError('GIT_FAILED', message);
}

/** As a shell would tell it. */
const timedOut = 124;

async function readHistory(
  git: Git,
  paths: readonly string[],
  days: Map<string, number>,
): Promise<GitAnswer> {
  const wanted = new Set(paths);
  const allFound = new AbortController();
  let rest = '';
  let day: number | undefined;
  const onToken = (token: string): void => {
    if (token.startsWith('\u0001')) {
      day = dayOf(Number(token.slice(1)) * 1000);
      return;
    }
    // A line break stands between a commit and the first of its paths.
    const path = wanted.has(token) ? token : token.slice(1);
    if (day === undefined || !wanted.delete(path)) return;
    days.set(path, day);
    if (wanted.size === 0) allFound.abort();
  };
  const decoder = new TextDecoder();
  const named = paths.length > mostNamedPaths ? [] : paths;
  return git([...history, ...named], {
    signal: allFound.signal,
    onOutput: (bytes) => {
      const tokens = (rest + decoder.decode(bytes, { stream: true })).split('\0');
      rest = tokens.pop() ?? '';
      tokens.forEach(onToken);
    },
  });
}

const history = [
  ...['--literal-pathspecs', 'log', '-z', '--format=%x01%ct', '--name-only', '--relative'],
  ...['--no-renames', '--no-ext-diff', '--no-textconv', '--no-show-signature'],
  ...['--end-of-options', 'HEAD', '--'],
];
