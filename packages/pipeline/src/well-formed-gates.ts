import { gates, maxGateCount, reviewers, severities } from './gate-config.js';
import type { GatesConfig } from './gate-config.js';
import {
  isBoolean,
  isDelayMs,
  isMade,
  isOneOf,
  isStringList,
  isText,
  isTextList,
  isWholeNumber,
} from './member-checks.js';
import type { Check } from './member-checks.js';

/** As `isWellFormedPipeline`, for the section about gates. */
export function isWellFormedGates(value: unknown): value is GatesConfig {
  return isMade(gatesMembers)(value);
}

/** The same for the name of a gate. */
export const isGateName = isOneOf(gates);

const isGateCount = isWholeNumber(0, maxGateCount);
const isPositiveCount = isWholeNumber(1, maxGateCount);

const gatesMembers: Readonly<Record<string, Check>> = {
  'spec-guard': isMade({
    code: isTextList,
    specs: isTextList,
    index: isText,
    maxAgeDays: isGateCount,
    base: isText,
  }),
  'docs-check': isMade({
    documents: isTextList,
    ignoreReferences: isTextList,
    tasksFile: isText,
    tasksMaxLines: isPositiveCount,
  }),
  'docs-freshness': isMade({
    registry: isText,
    documents: isTextList,
    cadenceDays: isPositiveCount,
    owner: isText,
  }),
  'diff-budget': isMade({
    maxFiles: isGateCount,
    maxLines: isGateCount,
    ignore: isTextList,
    base: isText,
    maxUntrackedBytes: isGateCount,
  }),
  'delegation-guard': isMade({ index: isText, minRuns: isPositiveCount }),
  review: isMade({
    agent: isOneOf(reviewers),
    program: isText,
    agentArgs: isStringList,
    agentTemplate: isText,
    timeoutMs: isDelayMs,
    maxPromptBytes: isWholeNumber(16_384, maxGateCount),
    failOn: isOneOf(severities),
    allowUnreviewed: isBoolean,
  }),
  'tasks-sync': isMade({ index: isText, mirrors: isText, tasksFile: isText }),
  'evidence-check': isMade({ documents: isTextList }),
  'instruction-stamps': isMade({ files: isTextList }),
};
