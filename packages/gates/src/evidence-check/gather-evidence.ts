import type { Finding } from '../gate/finding.js';
import type { GatePorts } from '../gate/gate-ports.js';
import { foldersOfGlobs, matchGlobs } from '../repository/match-globs.js';
import { listFiles } from '../repository/list-files.js';
import { evidenceOf, parseChecklist } from '../tasks/checklist.js';
import { describeUnread, readFileInside } from '../text-files/read-file-inside.js';
import { judgeRecord } from '../tasks/recorded-runs.js';
import type { RunPlace, RunVerdict } from '../tasks/recorded-runs.js';
import type { EvidenceState, GatheredEvidence } from './judge-evidence.js';
import { escapeOf, isThere, locateEvidence } from './locate-evidence.js';

/** What documents give as evidence, and what became of reading them. */
export interface Gathering {
  readonly documents: number;
  readonly evidence: readonly GatheredEvidence[];
  /** Runs that were judged, each once. */
  readonly runs: number;
  /** Documents that could not be read. */
  readonly findings: readonly Finding[];
}

/**
 * Reads all documents that some globs mean, and follows each of their links.
 *
 * @throws GateError as listing files does, and `INVALID_OPTION` for a glob that is none
 */
export async function gatherEvidence(
  ports: GatePorts,
  globs: readonly string[],
): Promise<Gathering> {
  const isDocument = matchGlobs(globs);
  const files = await listFiles(ports, { folders: foldersOfGlobs(globs) });
  const documents = files.filter(isDocument);
  const follower = createEvidenceFollower(ports);
  const evidence: GatheredEvidence[] = [];
  const findings: Finding[] = [];
  for (const document of documents) {
    const reading = readFileInside(ports, document);
    if (reading.kind === 'read') {
      evidence.push(...(await follower.follow(reading.bytes.toString('utf8'), document)));
    } else {
      const rule = reading.kind === 'too-large' ? 'document-too-large' : 'document-unreadable';
      const message = `Cannot read the document: ${describeUnread(reading)}`;
      findings.push({ rule, file: document, line: null, message, fix: null });
    }
  }
  return { documents: documents.length, evidence, runs: follower.runs(), findings };
}

/** Follows the links of documents; a run is judged once, however often it is linked. */
export interface EvidenceFollower {
  /** @param document Relative to the root. */
  follow(text: string, document: string): Promise<GatheredEvidence[]>;
  /** Runs that were judged. */
  runs(): number;
}

export function createEvidenceFollower(ports: GatePorts): EvidenceFollower {
  const judged = new Map<string, Promise<RunVerdict>>();

  function judge(place: RunPlace): Promise<RunVerdict> {
    const known = judged.get(place.manifestPath);
    if (known) return known;
    const verdict = judgeRecord(ports, place);
    judged.set(place.manifestPath, verdict);
    return verdict;
  }

  return {
    runs: () => judged.size,
    async follow(text, document) {
      const gathered: GatheredEvidence[] = [];
      for (const { link, item } of evidenceOf(parseChecklist(text))) {
        const place = locateEvidence(ports, link, document);
        const state = await stateOf(ports, place, judge);
        gathered.push({ document, link, isDone: item?.isDone ?? null, state });
      }
      return gathered;
    },
  };
}

async function stateOf(
  ports: GatePorts,
  place: ReturnType<typeof locateEvidence>,
  judge: (place: RunPlace) => Promise<RunVerdict>,
): Promise<EvidenceState> {
  if (place.kind === 'invalid' || place.kind === 'pattern') return place;
  const isRun = place.kind === 'run';
  const path = isRun ? place.place.manifestPath : place.path;
  // Most of what does not hold is not there, and asking that is cheap.
  if (!isThere(ports.fs, path)) return { kind: 'missing', isRun };
  const escape = escapeOf(ports, path);
  if (escape) return escape;
  return isRun ? { kind: 'run', verdict: await judge(place.place) } : { kind: 'there' };
}
