import { GateError } from '../errors.js';
import type { GatePorts } from '../gate/gate-ports.js';
import { writeText } from '../text-files/write-text.js';
import { addEntries, newRegistry } from './add-entries.js';
import type { NewEntry } from './add-entries.js';
import type { FreshnessSettings } from './docs-freshness-settings.js';
import { lastCommitDays } from './last-commit-days.js';
import { parseRegistry } from './parse-registry.js';
import { dayOf, formatDay } from '../calendar/calendar-day.js';

/**
 * Writes an entry for each document that has none, and returns the text of the registry as it is then.
 * Nothing is written where nothing is missing. What is there is left as it stands, entries of files that
 * are gone too: only whoever removed a file knows whether it has moved.
 *
 * A date of review is a claim that somebody read the document, and nobody did for this: it is the day of
 * the last commit that changed it, and today for what was never committed. An owner is never made up:
 * without a setting it is `unassigned`, which is not valid until somebody is named.
 *
 * @param text Undefined where there is no registry yet.
 * @throws GateError `WRITE_FAILED`, `INVALID_FILE`
 */
export async function completeRegistry(
  ports: GatePorts,
  text: string | undefined,
  settings: FreshnessSettings & { readonly found: readonly string[] },
): Promise<{ readonly text: string; readonly isWritten: boolean }> {
  const today = dayOf(ports.clock.nowMs());
  const old = text ?? newRegistry(formatDay(today));
  const paths = parseRegistry(old, settings.registry).entries.map(({ path }) => path);
  const known = new Set(paths);
  const missing = settings.found.filter((path) => !known.has(path));
  if (missing.length === 0 && text !== undefined) return { text, isWritten: false };
  const days = await lastCommitDays(ports.git, missing);
  const entries = missing.map((path): NewEntry => {
    const day = Math.min(days.get(path) ?? today, today);
    return {
      path,
      owner: settings.owner ?? 'unassigned',
      status: 'active',
      last_review: formatDay(day),
      cadence_days: settings.cadenceDays,
    };
  });
  const completed = addEntries(old, paths, entries);
  expectEntries(completed, paths.length + entries.length, settings.registry);
  if (ports.signal.aborted) throw new GateError('CANCELLED', 'The registry is not written');
  await writeText(ports, { root: ports.root, path: settings.registry }, completed);
  return { text: completed, isWritten: true };
}

/** What is written in place of a registry is read first. */
function expectEntries(text: string, count: number, path: string): void {
  const { entries } = parseRegistry(text, path);
  if (entries.length === count) return;
  throw new Error(`Internal error: a registry of ${entries.length} entries instead of ${count}`);
}
