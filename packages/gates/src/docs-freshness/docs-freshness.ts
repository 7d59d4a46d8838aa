import { isAbsolute, join, relative, resolve, sep } from 'node:path';

import { parseTaskId, resolveInside } from '@codex-orchestrator/core';

import { GateError } from '../errors.js';
import type { GatePorts } from '../gate/gate-ports.js';
import type { GateResult } from '../gate/gate-result.js';
import { readText } from '../text-files/read-text.js';
import { writeText } from '../text-files/write-text.js';
import type { TextPlace } from '../text-files/write-text.js';
import { completeRegistry } from './complete-registry.js';
import { freshnessSettings } from './docs-freshness-settings.js';
import { findDocuments, isFileInside } from './find-documents.js';
import { freshnessLines, makeReport } from './freshness-report.js';
import { judgeRegistry } from './judge-registry.js';
import { parseRegistry, unusable } from './parse-registry.js';
import { dayOf } from '../calendar/calendar-day.js';

/** A registry with fifty times the entries of the largest that is known. */
const maxRegistryBytes = 128 * 1024 * 1024;

/**
 * Whether each document is in the registry of documents, and whether somebody has reviewed it in time. The
 * report is written to `out/<task>/docs-freshness.json`, `local` where no task is known. With the option
 * `fix`, documents without an entry are given one first, as `completeRegistry` says.
 *
 * A repository without a registry is not judged, unless its settings or the options ask for that.
 *
 * @throws GateError `INVALID_OPTION` for a task id or a path that cannot be used; `INVALID_FILE` for a
 * registry that cannot be read, is no JSON or of another version; `WRITE_FAILED`; as git fails.
 */
export async function docsFreshness(ports: GatePorts): Promise<GateResult> {
  const given = freshnessSettings(ports);
  const registryPath = relativeInside(ports.root, given.registry, 'registry');
  const settings = { ...given, registry: registryPath };
  const taskId = checkTaskId(ports.taskId);
  const report = reportPlace(ports, taskId, registryPath);
  const reading = readText(ports, registryPath, maxRegistryBytes);
  if (reading.kind === 'unusable') throw unusable(registryPath, reading.reason);
  const old = reading.kind === 'text' ? reading.text : undefined;
  if (old === undefined && !settings.isAskedFor) return notApplicable(registryPath);
  const found = await findDocuments(ports, settings.documents);
  if (old === undefined && ports.options.fix !== true) throw absent(registryPath);
  const { text, isWritten } = ports.options.fix
    ? await completeRegistry(ports, old, { ...settings, found })
    : { text: old ?? '', isWritten: false };
  return conclude({ ports, registryPath, taskId, report, text, isWritten, found });
}

interface Read {
  readonly ports: GatePorts;
  readonly registryPath: string;
  readonly taskId: string;
  readonly report: TextPlace;
  readonly text: string;
  readonly isWritten: boolean;
  readonly found: readonly string[];
}

async function conclude(read: Read): Promise<GateResult> {
  const { ports, registryPath, taskId, report: place, text, found } = read;
  const registry = parseRegistry(text, registryPath);
  const known = new Set(found);
  const verdict = judgeRegistry({
    registry,
    registryPath,
    documents: found,
    isThere: (path) => known.has(path) || isFileInside(ports, path),
    today: dayOf(ports.clock.nowMs()),
  });
  const report = makeReport({
    verdict,
    taskId,
    registryPath,
    generatedAt: new Date(ports.clock.nowMs()).toISOString(),
    documents: found.length,
    entries: registry.entries.length,
  });
  await writeText(ports, place, `${JSON.stringify(report, null, 2)}\n`);
  const reportPath = toPosix(relative(ports.root, resolve(place.root, place.path)));
  const passes = verdict.findings.length === 0;
  return {
    gate: 'docs-freshness',
    outcome: passes ? 'passed' : 'failed',
    passes,
    findings: verdict.findings,
    lines: freshnessLines(report, verdict),
    facts: { ...report.totals, registry: registryPath, report: reportPath },
    override: null,
    warnings: verdict.warnings,
    written: [...(read.isWritten ? [registryPath] : []), reportPath],
  };
}

function checkTaskId(taskId: string | undefined): string {
  try {
    return taskId === undefined ? 'local' : parseTaskId(taskId);
  } catch (cause) {
    throw new GateError('INVALID_OPTION', (cause as Error).message, { cause });
  }
}

function reportPlace(ports: GatePorts, taskId: string, registryPath: string): TextPlace {
  const { root, outDir, options } = ports;
  const place =
    options.report === undefined
      ? { root: outDir, path: join(taskId, 'docs-freshness.json') }
      : { root, path: relativeInside(root, options.report, 'report') };
  if (resolve(place.root, place.path) === resolve(root, registryPath)) {
    const message = `Expected a report beside the registry, got ${JSON.stringify(registryPath)} for both`;
    throw new GateError('INVALID_OPTION', message);
  }
  return place;
}

/** Relative to the root, with `/`. */
function relativeInside(root: string, path: string, what: string): string {
  try {
    const way = relative(root, resolveInside(root, path));
    if (way !== '' && !isAbsolute(way)) return toPosix(way);
  } catch {
    // Told below, together with the root itself.
  }
  const message = `Expected the path of the ${what} to lie in the repository, got ${JSON.stringify(path)}`;
  throw new GateError('INVALID_OPTION', message);
}

function toPosix(path: string): string {
  return path.split(sep).join('/');
}

function absent(path: string): GateError {
  return new GateError(
    'INVALID_FILE',
    `Cannot use the registry ${JSON.stringify(path)}: it is not there`,
    { hint: 'Run the gate with --fix to write one' },
  );
}

function notApplicable(registryPath: string): GateResult {
  return {
    gate: 'docs-freshness',
    outcome: 'not_applicable',
    passes: true,
    findings: [],
    lines: [`docs:freshness not applicable - there is no ${registryPath}`],
    facts: { registry: registryPath },
    override: null,
    warnings: [],
    written: [],
  };
}
