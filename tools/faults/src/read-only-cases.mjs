/** Runs inside of a mount namespace: calls in a repository that cannot be written to. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { Repository } from './repository.mjs';

/** @type {{ argv: string[], entry: string, commands: string[] }} */
const { argv, entry, commands } = JSON.parse(process.argv[2]);
const commandLine = { argv, entry, commands: new Set(commands), dispose: () => undefined };

for (const place of ['the root', 'the folder of runs']) {
  const repository = new Repository(commandLine, [{ id: 'a' }]);
  await repository.call(['start', '--task', 'old']);
  const path = place === 'the root' ? repository.root : join(repository.root, '.runs');
  execFileSync('mount', ['--bind', path, path]);
  execFileSync('mount', ['-o', 'remount,bind,ro', path]);
  const refused = await repository.call(['start', '--task', 'new', '--format', 'json']);
  tell(`start, ${place} read-only`, [
    ...(refused.exitCode === 3
      ? []
      : [`ended with ${refused.exitCode}: ${refused.stdout}${refused.stderr}`]),
    ...(codeOf(refused.stdout) === undefined ? ['no code'] : []),
  ]);
  for (const call of [['status'], ['runs'], ['verify', '--all'], ['recover', '--all']]) {
    if (!commandLine.commands.has(call[0])) continue;
    const { exitCode, stdout, stderr } = await repository.call([...call, '--format', 'json']);
    tell(
      `${call[0]}, ${place} read-only`,
      exitCode === 0 ? [] : [`ended with ${exitCode}: ${stdout}${stderr}`],
    );
  }
  execFileSync('umount', [path]);
  repository.dispose();
}

/**
 * @param {string} name
 * @param {string[]} problems
 */
function tell(name, problems) {
  console.log(JSON.stringify({ check: 'read-only', name, problems }));
}

/** @param {string} stdout */
function codeOf(stdout) {
  try {
    return JSON.parse(stdout).error.code;
  } catch {
    return undefined;
  }
}
