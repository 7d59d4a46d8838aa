import { parseBatchPlace } from '../log/batch-frame.js';
import type { BatchPlace } from '../log/batch-frame.js';
import { parseNote } from './parse-note.js';
import {
  countOf,
  digestOf,
  finiteOf,
  isObject,
  membersOf,
  objectOf,
  textOf,
} from './member-values.js';
import type { Members } from './member-values.js';
import type { Evidence, Experience, ExperienceNote, ToolStat } from './record.js';

/** Longer lines are damaged ones wherever a log is read. */
export const MAX_LINE_BYTES = 2 ** 20;

/** What one line of a log says. */
export type LogLine =
  | { readonly kind: 'record'; readonly record: Experience; readonly batch?: BatchPlace }
  | { readonly kind: 'note'; readonly note: ExperienceNote; readonly batch?: BatchPlace }
  | { readonly kind: 'blank' }
  | { readonly kind: 'bad'; readonly reason: string };

const BLANK: LogLine = { kind: 'blank' };

/**
 * Reads one line of a log, given without its newline, and never throws. Other writers write such lines
 * too, and anything can have happened to them, so each member that is not what it should be costs itself
 * alone: it becomes null, 0, '' or empty. A line without an id, a domain and a reward is no record.
 *
 * @param taskId The task whose log it is; a line of another one is misplaced, and bad.
 */
export function parseLogLine(text: string, taskId: string): LogLine {
  if (text.trim() === '') return BLANK;
  if (isTooLong(text)) return bad(`it is longer than ${MAX_LINE_BYTES} bytes`);
  const members = parseObject(text);
  if (members === undefined) return bad('it is not a JSON object');
  const line = parseMembers(members, taskId);
  if (typeof line === 'string') return bad(line);
  const batch = parseBatchPlace(members['batch']);
  return batch ? { ...line, batch } : line;
}

type Content =
  | { readonly kind: 'record'; readonly record: Experience }
  | { readonly kind: 'note'; readonly note: ExperienceNote };

/** The content, or what is wrong. */
function parseMembers(members: Members, taskId: string): Content | string {
  const owner = members['taskId'];
  if (typeof owner === 'string' && owner !== taskId) return 'it belongs to another task';
  if (typeof members['note'] === 'string' && members['reward'] === undefined) {
    const note = parseNote(members, taskId);
    return note ? { kind: 'note', note } : 'it is not a note that is known';
  }
  const { id, domain } = members;
  if (typeof id !== 'string' || id === '') return 'it has no id';
  if (typeof domain !== 'string') return 'it has no domain';
  const reward = objectOf(members['reward']);
  if (reward === undefined) return 'it has no reward';
  return { kind: 'record', record: toExperience(members, { id, domain, taskId, reward }) };
}

/** What a line must have to be a record. */
interface Core {
  readonly id: string;
  readonly domain: string;
  readonly taskId: string;
  readonly reward: Members;
}

function toExperience(members: Members, { id, domain, taskId, reward }: Core): Experience {
  return {
    id,
    runId: textOf(members['runId']) ?? '',
    taskId,
    epoch: integerOf(members['epoch']),
    groupId: textOf(members['groupId']),
    summary32: textOf(members['summary32']) ?? '',
    reward: {
      gtScore: finiteOf(reward['gtScore']),
      relativeRank: finiteOf(reward['relativeRank']),
    },
    toolStats: toolStatsOf(members['toolStats']),
    stampSignature: digestOf(members['stampSignature']),
    domain,
    createdAt: textOf(members['createdAt']) ?? '',
    manifestPath: textOf(members['manifestPath']),
    contentHash: digestOf(members['contentHash']),
    stageId: textOf(members['stageId']),
    commit: textOf(members['commit']),
    evidence: evidenceOf(members['evidence']),
    source: textOf(members['source']),
    seen: countOf(members['seen']),
    uses: countOf(members['uses']),
    helped: countOf(members['helped']),
    harmed: countOf(members['harmed']),
    pinned: members['pinned'] === true,
  };
}

function toolStatsOf(value: unknown): ToolStat[] {
  if (!Array.isArray(value)) return [];
  const stats: ToolStat[] = [];
  for (const stat of value as unknown[]) {
    if (!isObject(stat) || typeof stat['tool'] !== 'string') continue;
    stats.push({
      tool: stat['tool'],
      tokens: finiteOf(stat['tokens']),
      latencyMs: finiteOf(stat['latencyMs']),
      costUsd: finiteOf(stat['costUsd']),
    });
  }
  return stats;
}

function evidenceOf(value: unknown): Evidence | null {
  const { path, sha256 } = membersOf(value);
  const digest = digestOf(sha256);
  return typeof path === 'string' && digest !== null ? { path, sha256: digest } : null;
}

function integerOf(value: unknown): number | null {
  return Number.isSafeInteger(value) ? (value as number) : null;
}

function parseObject(text: string): Members | undefined {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The bytes are counted only where the number of characters leaves it open. */
function isTooLong(text: string): boolean {
  if (text.length * 3 <= MAX_LINE_BYTES) return false;
  return text.length > MAX_LINE_BYTES || Buffer.byteLength(text) > MAX_LINE_BYTES;
}

function bad(reason: string): LogLine {
  return { kind: 'bad', reason };
}
