import type { Git } from '@codex-orchestrator/exec';

import { dayOf } from './review-date.js';

/** More paths than this make a command line that some systems refuse. */
const pathsPerCall = 100;

/**
 * Days since the epoch, UTC, of the last commit on HEAD that changed each path. Paths that no commit has,
 * and all of them where there is no git, are not in the answer. A clone without its history has the day
 * of its oldest commit for what is older. What a merge alone changed counts as before that merge.
 *
 * @param paths Relative to the root, with `/`.
 */
export async function lastCommitDays(
  git: Git,
  paths: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const days = new Map<string, number>();
  for (let start = 0; start < paths.length; start += pathsPerCall) {
    await readHistory(git, paths.slice(start, start + pathsPerCall), days);
  }
  return days;
}

async function readHistory(
  git: Git,
  paths: readonly string[],
  days: Map<string, number>,
): Promise<void> {
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
  await git([...history, ...paths], {
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
