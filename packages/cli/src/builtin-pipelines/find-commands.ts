import { checks, commandRules, ecosystems } from './command-rules.js';
import type { Check, Ecosystem, FoundCommand } from './command-rules.js';
import type { RepositoryFiles } from './repository-files.js';

/**
 * The commands that a repository has for being built and checked, in the order of the checks and then of
 * the ecosystems. Nothing is run, and only files of a fixed list are read.
 *
 * @throws CliError `INVALID_PACKAGE_JSON`
 */
export function findCommands(files: RepositoryFiles): readonly FoundCommand[] {
  return checks.flatMap((check) => {
    const found = ecosystems.flatMap((ecosystem) => findOne(check, ecosystem, files));
    const own = found.filter(({ ecosystem }) => !fallbacks.has(ecosystem));
    return own.length > 0 ? own : found.slice(0, 1);
  });
}

const fallbacks: ReadonlySet<Ecosystem> = new Set(['make', 'just']);

function findOne(check: Check, ecosystem: Ecosystem, files: RepositoryFiles): FoundCommand[] {
  for (const rule of commandRules) {
    if (rule.check !== check || rule.ecosystem !== ecosystem) continue;
    const found = rule.find(files);
    if (found !== undefined) return [{ check, ecosystem, ...found }];
  }
  return [];
}
