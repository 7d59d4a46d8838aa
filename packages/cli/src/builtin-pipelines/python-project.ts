import type { RepositoryFiles } from './repository-files.js';

/** What runs the tools of a project, by the lock file that it leaves. */
const runners: readonly (readonly [lockFile: string, prefix: string])[] = [
  ['uv.lock', 'uv run'],
  ['poetry.lock', 'poetry run'],
  ['pdm.lock', 'pdm run'],
  ['Pipfile.lock', 'pipenv run'],
];

/** A command in the environment of the project, or else in the one that is there. */
export function pythonRunner(files: RepositoryFiles, command: string): string {
  const runner = runners.find(([lockFile]) => files.has(lockFile));
  if (runner !== undefined) return `${runner[1]} ${command}`;
  // Systems and environments both have this name; only some have the one without a number.
  return command.replace(/^python /, 'python3 ');
}

/** Whether a TOML or INI file has a section, or one below it: `tool.ruff` is there with `[tool.ruff.lint]`. */
export function hasSection(text: string, name: string): boolean {
  return text.split(/\r?\n/).some((line) => {
    const header = /^\s*\[{1,2}\s*([^\]]+?)\s*\]/.exec(line)?.[1];
    if (header === undefined) return false;
    return header === name || header.startsWith(`${name}.`) || header.startsWith(`${name}:`);
  });
}
