import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/**
 * @param {readonly import('./report.mjs').CheckResult[]} results
 * @param {{ quick: boolean, docs: boolean }} options
 */
export function writeResults(results, { quick, docs }) {
  const folder = join(root, 'out', 'faults');
  mkdirSync(folder, { recursive: true });
  const table = renderTable(results);
  writeFileSync(join(folder, 'results.json'), `${JSON.stringify({ quick, results }, null, 2)}\n`);
  writeFileSync(join(folder, 'table.md'), table);
  if (docs) quoteTable(join(root, 'docs', 'reliability.md'), table);
}

/**
 * @param {readonly import('./report.mjs').CheckResult[]} results
 * @returns {string}
 */
export function renderTable(results) {
  const rows = results.map(({ title, tried, lost, skipped, notes }) => {
    const remark = skipped === null ? notes.join('; ') : `not tried here: ${skipped}`;
    return `| ${[title, tried, lost, remark].map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return `${['| tried | times | lost | remarks |', '| --- | --- | --- | --- |', ...rows].join('\n')}\n`;
}

/**
 * Puts the table between the two marks of a document.
 *
 * @param {string} path
 * @param {string} table
 */
function quoteTable(path, table) {
  const text = readFileSync(path, 'utf8');
  const quoted = text.replace(
    /(<!-- faults -->)[^]*(<!-- \/faults -->)/,
    (_all, before, after) => `${before}\n\n${table}\n${after}`,
  );
  writeFileSync(path, quoted);
  spawnSync(join(root, 'node_modules', '.bin', 'prettier'), ['--write', path], { stdio: 'ignore' });
}
