import { dirname, join, relative, resolve, sep } from 'node:path';

import { checkIdentifier, resolveInside } from '@codex-orchestrator/core';

import type { GatePorts } from '../gate/gate-ports.js';
import type { EvidenceLink } from '../tasks/evidence-link.js';
import { placeOf } from '../tasks/recorded-runs.js';
import type { RunPlace } from '../tasks/recorded-runs.js';

/** What a link leads to. */
export type EvidencePlace =
  | { readonly kind: 'run'; readonly place: RunPlace }
  /** Anything else that shows something: a log, a report. Absolute. */
  | { readonly kind: 'file'; readonly path: string }
  /** It names files by a pattern, which nobody follows. */
  | { readonly kind: 'pattern' }
  | { readonly kind: 'invalid'; readonly reason: string; readonly isPlaceholder: boolean };

type PlacePorts = Pick<GatePorts, 'fs' | 'root' | 'runsDir'>;

/** Where a link of a document leads, by its text: nobody looked whether it is there. @param document Relative to the root. */
export function locateEvidence(
  ports: PlacePorts,
  { target, from }: EvidenceLink,
  document: string,
): EvidencePlace {
  if (/[<>]|\.\.\./.test(target)) return invalid('it is a placeholder', true);
  const { root, runsDir } = ports;
  const atRoot = resolve(root, target);
  const atDocument = join(root, dirname(document), target);
  // Documents are moved and copied: a link that leads nowhere from here may have been written at the root.
  const path =
    from === 'document' && !startsAtRoot(target, ports, atDocument) ? atDocument : atRoot;
  const inRuns = segmentsInside(runsDir, path);
  if (/[*?{}]/.test(target)) {
    return inRuns ? invalid('it is a pattern', false) : { kind: 'pattern' };
  }
  if (!inRuns && !segmentsInside(root, path)) return leadsOut;
  return inRuns ? locateInRuns(runsDir, inRuns, path) : { kind: 'file', path };
}

function startsAtRoot(target: string, { fs, root }: PlacePorts, atDocument: string): boolean {
  return !isThere(fs, atDocument) && isThere(fs, resolve(root, target));
}

const leadsOut = {
  kind: 'invalid',
  reason: 'it leads out of the repository',
  isPlaceholder: false,
} as const;

/** What is there, held against links on the way to it: undefined where it stays inside. */
export function escapeOf(ports: PlacePorts, path: string): typeof leadsOut | undefined {
  const { fs, root, runsDir } = ports;
  try {
    resolveInside(segmentsInside(runsDir, path) ? runsDir : root, path, { fs });
    return undefined;
  } catch {
    return leadsOut;
  }
}

/** Whether there is anything at a path; what cannot be asked is not there. */
export function isThere(fs: GatePorts['fs'], path: string): boolean {
  try {
    fs.stat(path);
    return true;
  } catch {
    return false;
  }
}

/** The record of a run is meant by its manifest and by its folder; other files of a run stand for themselves. */
function locateInRuns(runsDir: string, segments: readonly string[], path: string): EvidencePlace {
  const [task, cli, run, file, ...rest] = segments;
  const isManifest = segments.at(-1) === 'manifest.json';
  const isAboveRuns = task === undefined || cli === undefined || (cli === 'cli' && !run);
  if (isAboveRuns) return invalid('it names no run', false);
  if (cli === 'cli' && run !== undefined && rest.length === 0) {
    const isNamed = checkIdentifier(task).ok && checkIdentifier(run).ok;
    if (isNamed && (file === undefined || isManifest)) {
      return { kind: 'run', place: placeOf(runsDir, task, run) };
    }
  }
  return isManifest
    ? invalid('it is not where a run keeps its manifest', false)
    : { kind: 'file', path };
}

function segmentsInside(folder: string, path: string): string[] | undefined {
  const way = relative(folder, path);
  if (way === '..' || way.startsWith(`..${sep}`)) return undefined;
  return way.split(sep).filter((segment) => segment !== '');
}

function invalid(reason: string, isPlaceholder: boolean): EvidencePlace {
  return { kind: 'invalid', reason, isPlaceholder };
}
