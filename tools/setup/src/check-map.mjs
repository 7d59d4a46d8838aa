import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// The part of `npm run docs:check` that is about this repository alone: every package is on the map.
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

const problems = unmappedPackages();
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;

function unmappedPackages() {
  const map = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
  return readdirSync(join(root, 'packages')).flatMap((name) => [
    ...(map.includes(`packages/${name}`)
      ? []
      : [`ARCHITECTURE.md does not mention packages/${name}`]),
    ...(existsSync(join(root, 'packages', name, 'README.md'))
      ? []
      : [`packages/${name} has no README.md`]),
  ]);
}
