import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/** @typedef {import('./report.mjs').CheckResult} CheckResult */

/**
 * Writes what was found, beside what earlier runs of the same kind have found in other parts: all of them
 * take long, and can be run one by one.
 *
 * @param {readonly CheckResult[]} results
 * @param {{ quick: boolean, docs: boolean, order: readonly string[] }} options `order`: ids of parts.
 */
export function writeResults(results, { quick, docs, order }) {
  const folder = join(root, 'out', 'faults');
  const path = join(folder, quick ? 'quick.json' : 'results.json');
  const all = mergeResults(readResults(path), results, order);
  const table = renderTable(all);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, `${JSON.stringify(all, null, 2)}\n`);
  if (quick) return;
  writeFileSync(join(folder, 'table.md'), table);
  if (docs) quoteTable(join(root, 'docs', 'reliability.md'), table);
}

/**
 * @param {readonly CheckResult[]} before
 * @param {readonly CheckResult[]} now
 * @param {readonly string[]} order
 */
export function mergeResults(before, now, order) {
  const renewed = new Set(now.map(({ part }) => part));
  const all = [...before.filter(({ part }) => !renewed.has(part)), ...now];
  return order.flatMap((id) => all.filter(({ part }) => part === id));
}

/**
 * @param {string} path
 * @returns {CheckResult[]}
 */
function readResults(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : [];
}

/**
 * @param {readonly CheckResult[]} results
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
