import { err, ok } from '@codex-orchestrator/core';
import type { Result } from '@codex-orchestrator/core';

import { describeIssues } from '../settings/describe-issues.js';
import type { Finding, Findings } from './findings.js';
import { findingsBounds, findingsSchema } from './findings-schema.js';
import { jsonBlocks } from './json-blocks.js';
import { toFinding } from './to-finding.js';

export interface ReadFindings extends Findings {
  /** What was left out and why, at most 20 sentences. */
  readonly notes: readonly string[];
}

export interface ReadFindingsOptions {
  /** The folder that absolute paths are made relative to. @default absolute paths are refused */
  readonly root?: string | undefined;
}

/**
 * The findings in an agent's message: the last block of JSON that has some, or the whole message. It
 * takes what can be understood, cuts what is too long and leaves out what has no evidence or a path outside
 * the root; the reason where nothing is left. An empty list is an answer.
 */
export function readFindings(
  message: string,
  options: ReadFindingsOptions = {},
): Result<ReadFindings, string> {
  let reason = 'the message has no block of JSON';
  for (const block of jsonBlocks(message)) {
    const read = readBlock(block, options);
    if (read.ok) return read;
    reason = read.error;
  }
  return err(reason);
}

/** A file of findings as this writes it. */
export function parseFindings(json: unknown): Result<Findings, string> {
  const parsed = findingsSchema().safeParse(json);
  return parsed.success ? ok(parsed.data) : err(describeIssues(parsed.error.issues));
}

function readBlock(text: string, { root }: ReadFindingsOptions): Result<ReadFindings, string> {
  const json = parseJson(text);
  if (!json.ok) return json;
  const members = isRecord(json.value) ? json.value : { findings: json.value };
  const list = members['findings'];
  if (!Array.isArray(list)) return err('its JSON has no list of findings');
  const notes: string[] = [];
  const findings: Finding[] = [];
  for (const [index, item] of list.slice(0, findingsBounds.findings * 2).entries()) {
    const ids = new Set(findings.map(({ id }) => id));
    const finding = toFinding(item, {
      root,
      ids,
      note: (why) => notes.push(`Finding ${index + 1}: ${why}.`),
    });
    if (finding && findings.length < findingsBounds.findings) findings.push(finding);
  }
  if (list.length > 0 && findings.length === 0) {
    return err(`none of its findings can be used: ${notes[0] ?? 'they are too many'}`);
  }
  if (list.length > findingsBounds.findings) {
    notes.push(`Of ${list.length} findings ${findings.length} are kept.`);
  }
  const goal = typeof members['goal'] === 'string' ? members['goal'].slice(0, 2000) : null;
  return ok({ version: 1, goal, generated_at: null, findings, notes: notes.slice(0, 20) });
}

function parseJson(text: string): Result<unknown, string> {
  try {
    return ok(JSON.parse(text));
  } catch {
    return err('its JSON cannot be parsed');
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
