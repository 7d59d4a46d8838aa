import { closeSync, copyFileSync, mkdirSync, openSync, readSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * A store over so many records, and what the first of them is about.
 *
 * @param {Pick<import('@codex-orchestrator/bench').GuardContext, 'data' | 'folder' | 'load'>} context
 * @param {import('@codex-orchestrator/bench').ExperiencesOptions} options
 */
export async function placeWith({ data, folder, load }, options) {
  const { createExperienceLayout } = await load('@codex-orchestrator/experience-store');
  const { path } = await data.experiences(options);
  // Short records leave out what the place of their log says.
  const { taskId = 'bench', domain } = firstRecord(path);
  const place = { runsDir: join(folder, '.runs'), outDir: join(folder, 'out') };
  const { logPath } = createExperienceLayout({ ...place, taskId });
  mkdirSync(place.runsDir);
  mkdirSync(dirname(logPath), { recursive: true });
  copyFileSync(path, logPath);
  return { ...place, taskId, domain };
}

/** What no record of a log says. */
export function newInput({ taskId, domain }, number) {
  const word = (at) => `word-${number}-${at}`;
  return {
    runId: `2026-01-05T06-00-00-000Z-${String(number).padStart(8, '0')}`,
    taskId,
    domain,
    summary: Array.from({ length: 12 }, (_, at) => word(at)).join(' '),
    reward: { gtScore: 0, relativeRank: 0 },
    toolStats: [],
  };
}

/** Time stands still: times are a part of what is written. */
export const standingClock = {
  nowMs: () => Date.UTC(2026, 6, 1),
  monotonicMs: () => 0,
  schedule: () => () => undefined,
};

/** Notes on records have neither domain nor reward. */
function firstRecord(path) {
  const bytes = Buffer.alloc(64 * 1024);
  const descriptor = openSync(path, 'r');
  readSync(descriptor, bytes, 0, bytes.length, 0);
  closeSync(descriptor);
  const lines = bytes.toString('utf8', 0, bytes.lastIndexOf(10)).split('\n');
  return lines.map((line) => JSON.parse(line)).find(({ reward }) => reward !== undefined);
}
