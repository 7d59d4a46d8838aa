import { checks, commandRules, ecosystems } from './command-rules.js';
import type { CommandRule, Ecosystem, FoundCommand } from './command-rules.js';
import type { RepositoryFiles } from './repository-files.js';

/**
 * The commands that a repository has for being built and checked, in the order of the checks and then of
 * the ecosystems. Nothing is run, and only files of a fixed list are read.
 *
 * @throws CliError `INVALID_PACKAGE_JSON`
 */
export function findCommands(files: RepositoryFiles): readonly FoundCommand[] {
  const rules = commandRules();
  return checks.flatMap((check) => {
    const found = ecosystems.flatMap((ecosystem) => {
      const own = rules.filter((rule) => rule.check === check && rule.ecosystem === ecosystem);
      return findFirst(own, files);
    });
    const own = found.filter(({ ecosystem }) => !fallbacks.has(ecosystem));
    return own.length > 0 ? own : found.slice(0, 1);
  });
}

const fallbacks: ReadonlySet<Ecosystem> = new Set(['make', 'just']);

function findFirst(rules: readonly CommandRule[], files: RepositoryFiles): FoundCommand[] {
  for (const { check, ecosystem, find } of rules) {
    const found = find(files);
    if (found !== undefined) return [{ check, ecosystem, ...found }];
  }
  return [];
}
