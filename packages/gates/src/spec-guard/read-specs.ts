import type { GatePorts } from '../gate/gate-ports.js';
import { listFiles } from '../repository/list-files.js';
import { foldersOfGlobs, matchGlobs } from '../repository/match-globs.js';
import { describeUnread, readFileInside } from '../text-files/read-file-inside.js';
import { readLastReview } from './last-review.js';
import type { LastReview } from './last-review.js';
import type { SpecRules } from './spec-guard-settings.js';

/** A spec as it is in the working tree. */
export interface Spec {
  readonly path: string;
  readonly review:
    | LastReview
    | { readonly kind: 'too-large'; readonly reason: string }
    | { readonly kind: 'unreadable'; readonly reason: string };
}

/**
 * Reads all specs, sorted by path.
 *
 * @throws GateError `GIT_FAILED`, `INVALID_FILE`, `INVALID_OPTION`, `CANCELLED`
 */
export async function readSpecs(
  ports: GatePorts,
  { specs }: Pick<SpecRules, 'specs'>,
): Promise<readonly Spec[]> {
  const isSpec = matchGlobs(specs);
  const files = await listFiles(ports, { folders: foldersOfGlobs(specs) });
  const nowMs = ports.clock.nowMs();
  return files.filter(isSpec).map((path) => ({ path, review: readReview(ports, path, nowMs) }));
}

function readReview(ports: GatePorts, path: string, nowMs: number): Spec['review'] {
  const reading = readFileInside(ports, path);
  if (reading.kind === 'read') return readLastReview(reading.bytes.toString('utf8'), nowMs);
  const kind = reading.kind === 'too-large' ? 'too-large' : 'unreadable';
  return { kind, reason: describeUnread(reading) };
}
