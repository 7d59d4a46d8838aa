import { boilerplateOf } from '../gate/boilerplate.js';
import type { ExperienceLayout } from '../layout.js';
import { replacedNames } from '../log/replace-names.js';
import { openLog } from '../log/replace-source.js';
import type { Evidence, Experience } from '../record/record.js';
import { signatureOf } from '../record/similarity.js';
import { contentKeyOf } from './content-key.js';
import { checkEvidence } from './check-evidence.js';
import type { EvidenceCheck, EvidenceVerdict } from './check-evidence.js';
import { expectWholeNumber } from './expect-option.js';
import { foldLog } from './fold-log.js';
import type { LogFold } from './fold-log.js';
import { ageInDays, planGc } from './gc-plan.js';
import type { GcDetail, GcFacts } from './gc-plan.js';
import { inspectIndex } from './inspect-index.js';
import type { IndexInspection } from './inspect-index.js';
import type { LineCount, ListedLines } from './line-tally.js';
import { portsOf } from '../ports.js';
import type { HygieneOptions } from './hygiene-options.js';

export interface AuditOptions extends HygieneOptions {
  /** From which age on a record that was never used is stale. @default 90 */
  readonly staleDays?: number | undefined;
  /** @default the time of the clock */
  readonly nowMs?: number | undefined;
  /** Whether a text has a secret in it. @default no text is looked at */
  readonly hasSecret?: ((text: string) => boolean) | undefined;
  /** Whether evidence is still what it was. @default none is looked at */
  readonly verifyEvidence?:
    ((evidence: Evidence) => EvidenceVerdict | Promise<EvidenceVerdict>) | undefined;
  /** How many pieces of evidence are verified, those of the first records. @default 200 */
  readonly maxEvidence?: number | undefined;
  /** Among how many records, the first ones, near duplicates are looked for. @default 50_000 */
  readonly maxNearRecords?: number | undefined;
  /** How many lines of each kind are named. @default 20 */
  readonly maxExamples?: number | undefined;
}

export interface AuditReport {
  readonly taskId: string;
  readonly logBytes: number;
  readonly lines: number;
  readonly notes: LineCount;
  /** Lines without text, among them what forgotten records left; `collect` removes them. */
  readonly blank: LineCount;
  readonly unreadable: ListedLines;
  readonly misplaced: ListedLines;
  readonly incompleteBatches: ListedLines;
  readonly repeatedIds: ListedLines;
  /** Records that count. All figures below are of these. */
  readonly records: number;
  readonly domains: readonly { readonly domain: string; readonly records: number }[];
  /** Records that were forgotten and whose text is on disk still: a `forget` was cut short. */
  readonly forgottenWithText: number;
  readonly pinned: number;
  /** Records that say what a better or an earlier one of their domain says. */
  readonly duplicates: number;
  readonly nearDuplicates: {
    readonly count: number;
    readonly comparedRecords: number;
    /** Whether all records were compared with all that could be alike. */
    readonly isComplete: boolean;
  };
  readonly neverUsed: number;
  /** Never used and older than `staleDays`. */
  readonly stale: number;
  readonly withoutEvidence: number;
  readonly boilerplate: number;
  /** `undefined` where nobody can tell. */
  readonly withSecret: number | undefined;
  readonly evidence: EvidenceCheck | undefined;
  readonly index: IndexInspection;
  /** Replacements of the log that were cut short; the next change of the log finishes them. */
  readonly unfinishedReplacements: number;
}

/**
 * What is in a task's log and what is wrong with it. Changes nothing and takes no lock. Reads the log once,
 * and keeps of each record about half a kilobyte.
 *
 * @throws ExperienceError `INVALID_OPTION`, `STORE_UNREADABLE`; the reason of the signal.
 */
export async function audit(
  layout: ExperienceLayout,
  options: AuditOptions = {},
): Promise<AuditReport> {
  const { staleDays = 90 } = options;
  expectWholeNumber('staleDays', staleDays, 0);
  const { fs, clock } = portsOf(options);
  const { nowMs = clock.nowMs(), maxExamples = 20, signal, onProgress } = options;
  const { taskId } = layout;
  using log = openLog(layout, fs);
  const sums = new Sums(options);
  const { detailOf } = sums;
  const fold =
    log && (await foldLog(log, { fs, taskId, detailOf, maxExamples, signal, onProgress }));
  const evidence = await checkEvidence(sums.evidence, options);
  const lines = fold ?? EMPTY;
  return {
    taskId,
    logBytes: lines.bytes,
    lines: lines.lines,
    notes: lines.notes,
    blank: lines.blank,
    unreadable: lines.unreadable,
    misplaced: lines.misplaced,
    incompleteBatches: lines.incomplete,
    repeatedIds: lines.repeated,
    ...figuresOf(lines.records, { nowMs, staleDays, compared: sums.signatures }),
    evidence,
    unfinishedReplacements: replacedNames(layout, fs).length,
    index: inspectIndex(layout, log && { fd: log.fd, wholeBytes: lines.wholeBytes }, fs),
  };
}

const NO_LINES: ListedLines = { count: 0, bytes: 0, examples: [] };
const EMPTY: LogFold<AuditDetail> = {
  records: [],
  bytes: 0,
  wholeBytes: 0,
  lines: 0,
  notes: NO_LINES,
  blank: NO_LINES,
  unreadable: NO_LINES,
  misplaced: NO_LINES,
  incomplete: NO_LINES,
  repeated: NO_LINES,
};

interface AuditDetail extends GcDetail {
  readonly hasEvidence: boolean;
  readonly hasSecret: boolean | undefined;
}

/** What is made of each record while its text is at hand. */
class Sums {
  signatures = 0;
  readonly evidence: { readonly id: string; readonly evidence: Evidence }[] = [];
  readonly #options: AuditOptions;

  constructor(options: AuditOptions) {
    this.#options = options;
  }

  readonly detailOf = (record: Experience): AuditDetail => {
    const { maxEvidence = 200, maxNearRecords = 50_000, hasSecret } = this.#options;
    const { evidence, id, summary32 } = record;
    if (evidence && this.evidence.length < maxEvidence) this.evidence.push({ id, evidence });
    const isCompared = this.signatures < maxNearRecords;
    if (isCompared) this.signatures += 1;
    return {
      contentKey: contentKeyOf(record),
      signature: isCompared ? signatureOf(summary32) : undefined,
      isBoilerplate: boilerplateOf(summary32) !== undefined,
      hasEvidence: evidence !== null,
      hasSecret: hasSecret?.(summary32),
    };
  };
}

type AuditFacts = GcFacts & { readonly detail: AuditDetail };

function figuresOf(
  all: readonly AuditFacts[],
  {
    nowMs,
    staleDays,
    compared,
  }: { readonly nowMs: number; readonly staleDays: number; readonly compared: number },
) {
  const records = all.filter((facts) => !facts.forgotten);
  const count = (is: (facts: AuditFacts) => boolean): number => records.filter(is).length;
  const plan = planGc(records, { nowMs });
  const reasons = [...plan.decisions.values()].map(({ reason }) => reason);
  const isStale = (facts: AuditFacts): boolean =>
    facts.uses === 0 && ageInDays(facts, nowMs) > staleDays;
  return {
    records: records.length,
    domains: countDomains(records),
    forgottenWithText: all.length - records.length,
    pinned: count(({ pinned }) => pinned),
    duplicates: reasons.filter((reason) => reason === 'duplicate').length,
    nearDuplicates: {
      count: reasons.filter((reason) => reason === 'near-duplicate').length,
      comparedRecords: compared,
      isComplete: compared === all.length && !plan.isNearLimited,
    },
    neverUsed: count(({ uses }) => uses === 0),
    stale: count(isStale),
    withoutEvidence: count(({ detail }) => !detail.hasEvidence),
    boilerplate: count(({ detail }) => detail.isBoilerplate),
    withSecret: records.some(({ detail }) => detail.hasSecret === undefined)
      ? undefined
      : count(({ detail }) => detail.hasSecret === true),
  };
}

function countDomains(records: readonly AuditFacts[]): AuditReport['domains'] {
  const counts = new Map<string, number>();
  for (const { domain } of records) counts.set(domain, (counts.get(domain) ?? 0) + 1);
  return [...counts]
    .map(([domain, count]) => ({ domain, records: count }))
    .sort((a, b) => b.records - a.records);
}
