import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The built command line, copied: a build that happens meanwhile changes nothing between two cases,
 * and other users may read it.
 *
 * @typedef {object} CommandLine
 * @property {string} entry
 * @property {string[]} argv Program and first arguments of every call.
 * @property {ReadonlySet<string>} commands What its help lists.
 * @property {() => void} dispose
 */

/**
 * @param {string} [given] Entry script of another installation.
 * @returns {CommandLine}
 */
export function openCommandLine(given) {
  const source = given ?? fileURLToPath(import.meta.resolve('codex-orchestrator/package.json'));
  const home = given === undefined ? dirname(source) : dirname(dirname(realpathSync(given)));
  if (!existsSync(join(home, 'dist', 'main.cjs'))) {
    throw new Error(`"${home}" is not built: run \`npm run build\` first`);
  }
  const folder = mkdtempSync(join(tmpdir(), 'faults-cli-'));
  for (const path of ['package.json', 'bin', 'dist/main.cjs']) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(join(home, path), join(folder, path), { recursive: true });
  }
  execFileSync('chmod', ['-R', 'a+rX', folder]);
  const entry = join(folder, 'bin', 'codex-orchestrator.cjs');
  const argv = [process.execPath, entry];
  return {
    entry,
    argv,
    commands: listedCommands(argv),
    dispose: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** @param {string[]} argv */
function listedCommands([program, ...args]) {
  const help = execFileSync(program, [...args, '--help'], { encoding: 'utf8' });
  return new Set(
    [...help.matchAll(/^ {2,}(?:codex-orchestrator )?([a-z][a-z-]+)\b/gm)].map(([, name]) => name),
  );
}
