import { join, resolve } from 'node:path';

import { parseRunId } from '@codex-orchestrator/core';

import { GateError } from '../errors.js';
import type { GatePorts } from '../gate/gate-ports.js';
import { readFileInside } from '../text-files/read-file-inside.js';

type ManifestPorts = Pick<GatePorts, 'environment' | 'fs' | 'options' | 'root' | 'runsDir'>;

/**
 * The manifest that is a review's evidence, absolute: the one that the option, `MANIFEST` or
 * `CODEX_ORCHESTRATOR_MANIFEST_PATH` names, relative to the root, else that of the task's run that began last;
 * without a task, of any run.
 *
 * @throws GateError `INVALID_OPTION` for one that is named and is not there, and where there is no run
 */
export function findManifest(ports: ManifestPorts, taskId: string | undefined): string {
  const { options, environment, root, fs } = ports;
  const named = [
    { place: '--manifest', path: options.manifest },
    ...['MANIFEST', 'CODEX_ORCHESTRATOR_MANIFEST_PATH'].map((name) => {
      return { place: name, path: environment[name] };
    }),
  ];
  for (const { place, path = '' } of named) {
    if (path.trim() === '') continue;
    const manifest = resolve(root, path.trim());
    if (isFile(fs, manifest)) return manifest;
    const message = `Cannot review: the manifest '${path.trim()}' that ${place} names is not there`;
    throw new GateError('INVALID_OPTION', message);
  }
  const found = newestManifest(ports, taskId);
  if (found !== undefined) return found;
  const whose = taskId === undefined ? '' : ` of the task '${taskId}'`;
  throw new GateError('INVALID_OPTION', `Cannot review: there is no run${whose} as evidence`, {
    hint: 'Run a pipeline first, or name a manifest by --manifest',
  });
}

interface Run {
  readonly folder: string;
  readonly startedAtMs: number;
}

function newestManifest(ports: ManifestPorts, taskId: string | undefined): string | undefined {
  const { fs, runsDir } = ports;
  const tasks = taskId === undefined ? namesIn(fs, runsDir) : [taskId];
  const runs = tasks.flatMap((task) => runsOf(ports, task));
  runs.sort((one, other) => other.startedAtMs - one.startedAtMs || byName(other, one));
  return runs
    .map(({ folder }) => join(folder, 'manifest.json'))
    .find((manifest) => isFile(fs, manifest));
}

function runsOf({ fs, runsDir }: ManifestPorts, task: string): Run[] {
  // A task is a name here, and leads nowhere else.
  if (task === '' || /^\.+$|[/\\]/.test(task)) return [];
  const folder = join(runsDir, task, 'cli');
  return namesIn(fs, folder)
    .filter((name) => !name.startsWith('.'))
    .map((name) => {
      const id = parseRunId(name);
      const startedAtMs = id.ok ? id.value.startedAtMs : readStart(fs, join(folder, name));
      return { folder: join(folder, name), startedAtMs };
    });
}

const maxManifestBytes = 16 * 1024 * 1024;

/** Of a run that other tools have named, its manifest has to say it. */
function readStart(fs: GatePorts['fs'], folder: string): number {
  const reading = readFileInside({ root: folder, fs }, 'manifest.json', maxManifestBytes);
  if (reading.kind !== 'read') return 0;
  try {
    const { started_at: startedAt } = JSON.parse(reading.bytes.toString()) as Record<
      string,
      unknown
    >;
    return (typeof startedAt === 'string' && Date.parse(startedAt)) || 0;
  } catch {
    return 0;
  }
}

function byName(one: Run, other: Run): number {
  return one.folder < other.folder ? -1 : 1;
}

function namesIn(fs: GatePorts['fs'], folder: string): readonly string[] {
  try {
    return fs.readdir(folder);
  } catch {
    return [];
  }
}

function isFile(fs: GatePorts['fs'], path: string): boolean {
  try {
    return fs.stat(path).isFile();
  } catch {
    return false;
  }
}
