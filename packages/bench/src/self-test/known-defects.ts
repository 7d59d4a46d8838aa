import type { Defect } from './defect.js';
import { loadAnotherModule } from './load-another-module.js';
import { replaceExport } from './replace-export.js';
import type { ExportReplacement } from './replace-export.js';

/** One of each kind that counts have to find, whatever the machine does meanwhile. */
export const knownDefects: readonly Defect[] = [
  {
    name: 'an update that reads the whole history',
    project: 'metrics',
    guard: 'an-update-is-a-checkpoint-and-what-changed',
    measure: 'historyBytesRead',
    apply: replacing('@codex-orchestrator/metrics', 'updateAggregates', [
      'export async function updateAggregates(layout, options) {',
      '  for await (const entry of sound.readEntries(layout, options)) void entry;',
      '  return sound.updateAggregates(layout, options);',
      '}',
    ]),
  },
  {
    name: 'a search through the history where the index has the answer',
    project: 'metrics',
    guard: 'finding-an-entry-reads-its-line',
    measure: 'exponent of bytesRead',
    apply: replacing('@codex-orchestrator/metrics', 'findEntry', [
      'export async function findEntry(layout, runId, attempt, options) {',
      '  const where = (facts) => facts.runId === runId && facts.attempt === attempt;',
      '  const found = sound.readEntries(layout, { ...options, where });',
      '  for await (const { entry } of found) return entry;',
      '  return undefined;',
      '}',
    ]),
  },
  {
    name: 'reading that begins anew where it should go on',
    project: 'core',
    guard: 'going-on-reading-reads-only-what-is-new',
    measure: 'exponent of bytesRead',
    apply: replacing('@codex-orchestrator/core', 'visitLines', [
      'export function visitLines(path, visit, { startOffset = 0, ...options } = {}) {',
      '  const isNew = (line) => line.offset >= startOffset;',
      '  return sound.visitLines(path, (line) => isNew(line) && visit(line), options);',
      '}',
    ]),
  },
  {
    name: 'a manifest that is written twice',
    project: 'manifest',
    guard: 'a-run-writes-its-manifest-twice',
    measure: 'manifestWrites',
    apply: replacing('@codex-orchestrator/core', 'writeFileAtomic', [
      'export async function writeFileAtomic(path, ...rest) {',
      "  if (path.endsWith('manifest.json')) await sound.writeFileAtomic(path, ...rest);",
      '  return sound.writeFileAtomic(path, ...rest);',
      '}',
    ]),
  },
  {
    name: 'a file that is read whole where a chunk would do',
    project: 'core',
    guard: 'reading-lines-holds-one-chunk',
    measure: 'peak per input byte',
    apply: replacing('@codex-orchestrator/core', 'visitLines', [
      "import { readFileSync } from 'node:fs';",
      'export async function visitLines(path, visit) {',
      '  const bytes = readFileSync(path);',
      "  const texts = bytes.toString('utf8').split('\\n');",
      '  for (const text of texts) visit({ text });',
      '  return { lines: texts.length, bytesRead: bytes.length };',
      '}',
    ]),
  },
  {
    name: 'a sync that nobody asked for',
    project: 'core',
    guard: 'replacing-a-file-is-one-write-and-one-rename',
    measure: 'fsyncs',
    apply: replacing('@codex-orchestrator/core', 'writeFileAtomic', [
      'export function writeFileAtomic(path, data, options) {',
      "  return sound.writeFileAtomic(path, data, { ...options, durability: 'power' });",
      '}',
    ]),
  },
  {
    name: 'a module more at the start',
    project: 'cli',
    guard: 'help-loads-two-files',
    measure: 'modulesLoaded',
    apply: loadAnotherModule,
  },
];

function replacing(packageName: string, name: string, lines: readonly string[]): Defect['apply'] {
  const program = `${lines.join('\n')}\n`;
  const replacement: ExportReplacement = { packageName, name, program };
  return (slot) => replaceExport(slot, replacement);
}
