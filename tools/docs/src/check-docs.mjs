import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { brokenLinks } from './broken-links.mjs';

// `npm run docs:check`: every relative link and anchor leads somewhere, every package is on the map.
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '');
const documents = new Map(
  files
    .filter((path) => path.endsWith('.md') && !path.includes('/fixtures/'))
    .map((path) => [path, readFileSync(join(root, path), 'utf8')]),
);

const problems = [...brokenLinks(documents, new Set(files)), ...unmappedPackages()];
for (const problem of problems) console.error(problem);
console.log(`${documents.size} documents checked, ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;

function unmappedPackages() {
  const map = documents.get('ARCHITECTURE.md') ?? '';
  return readdirSync(join(root, 'packages')).flatMap((name) => [
    ...(map.includes(`packages/${name}`)
      ? []
      : [`ARCHITECTURE.md does not mention packages/${name}`]),
    ...(documents.has(`packages/${name}/README.md`) ? [] : [`packages/${name} has no README.md`]),
  ]);
}
