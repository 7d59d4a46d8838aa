/**
 * Logs of experiences to measure with, written once through the package itself and kept in the folder for
 * temporary files: `node tools/measure/src/experience-place.mjs [records] [--domains 20]` prints where.
 */
import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

import { inputAt } from './experience-inputs.mjs';

export const taskId = 'measured';
const batchSize = 1000;
/** Part of the name: another generator makes another place. */
const version = 1;

export function placeOf(folder) {
  return { taskId, runsDir: join(folder, '.runs'), outDir: join(folder, 'out') };
}

/** A folder with so many records in so many domains, and their index; not to be changed. */
export async function cachedExperiences(records, { domains }) {
  const { createExperienceLayout } = await import('@codex-orchestrator/experience-store');
  const name = `experiences-v${version}-${records}-${domains}`;
  const folder = join(tmpdir(), 'codex-orchestrator-measure', name);
  if (existsSync(createExperienceLayout(placeOf(folder)).logPath)) return folder;
  const draft = `${folder}.${process.pid}.tmp`;
  rmSync(draft, { recursive: true, force: true });
  await writeExperiences(draft, records, { domains });
  mkdirSync(join(folder, '..'), { recursive: true });
  renameSync(draft, folder);
  return folder;
}

/** A copy that may be changed. */
export async function copyOfExperiences(records, options, target) {
  cpSync(await cachedExperiences(records, options), target, { recursive: true });
  return target;
}

export async function writeExperiences(folder, records, { domains }) {
  const { openExperienceStore } = await import('@codex-orchestrator/experience-store');
  const { runsDir, outDir } = placeOf(folder);
  const store = openExperienceStore({ runsDir, outDir });
  for (let from = 0; from < records; from += batchSize) {
    const size = Math.min(batchSize, records - from);
    const inputs = Array.from({ length: size }, (_, at) => inputAt(from + at, { domains, taskId }));
    await store.recordBatch(inputs, { manifestPath: null });
    if (from % 100_000 === 0) process.stderr.write(`\r${from} of ${records} records`);
  }
  process.stderr.write(`\r${records} records written\n`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { domains: { type: 'string', default: '20' } },
  });
  const records = Number(positionals[0] ?? 10_000);
  console.log(await cachedExperiences(records, { domains: Number(values.domains) }));
}
