import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { ensureReady } from './ensure-ready.mjs';

// `npm start`: set up what is needed, then be the CLI. In this process, not in a child: signals,
// the terminal and the exit code need no forwarding.
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const bin = join(root, 'packages', 'cli', 'bin', 'codex-orchestrator.cjs');
const [, , ...args] = process.argv;

try {
  ensureReady(root);
  process.argv = [process.execPath, bin, ...(args.length > 0 ? args : ['start', 'diagnostics'])];
  await import(pathToFileURL(bin).href);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 70;
}
