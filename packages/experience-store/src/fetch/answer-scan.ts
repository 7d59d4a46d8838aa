import { messageOf } from '@codex-orchestrator/core';

import { DomainFold } from '../index/domain-fold.js';
import { KEPT_PER_DOMAIN } from '../index/domain-file.js';
import { foldLine } from '../index/fold-tail.js';
import type { OpenFold } from '../index/fold-tail.js';
import { healIndex } from '../index/heal-index.js';
import { IndexMemory } from '../index/index-memory.js';
import { underLock } from '../log/under-lock.js';
import { replacedNames } from '../log/replace-names.js';
import { LineScan } from '../log/scan-lines.js';
import { scanWithPauses } from '../log/scan-log.js';
import { NeedleSearch } from '../log/scan-needles.js';
import type { PieceReport } from '../log/scan-pieces.js';
import { pickBest } from './pick-best.js';
import type { LogAnswers, LookUp } from './look-up.js';
import type { Want } from './query.js';

interface Scanned {
  readonly folds: ReadonlyMap<string, OpenFold>;
  readonly report: PieceReport;
}

/**
 * Answers from one pass over the log, whatever the number of domains, and mends the index with what it
 * found.
 */
export async function answerByScan(lookUp: LookUp, wants: readonly Want[]): Promise<LogAnswers> {
  await finishReplacement(lookUp);
  const answers: LogAnswers = new Map();
  let left = wants;
  let spare = SPARE;
  for (let pass = 1; left.length > 0 && pass <= MOST_PASSES; pass++) {
    const scanned = await scan(lookUp, left, spare);
    const { truncated } = scanned.report;
    const isLast = pass === MOST_PASSES;
    const open: Want[] = [];
    for (const want of left) {
      const fold = scanned.folds.get(want.domain)?.fold;
      const state = fold?.state ?? { kept: [], isWhole: true, gone: [] };
      const isEnough = truncated || isLast;
      const records = pickBest(isEnough ? { ...state, isWhole: true } : state, want, lookUp);
      if (records || isLast)
        answers.set(want, { records: records ?? [], source: 'scan', truncated });
      else open.push(want);
      // So many are enough, even if each of those noted as forgotten is among the best.
      spare = Math.max(spare, SPARE + (fold?.forgotten ?? 0));
    }
    await mend(lookUp, scanned);
    left = open;
  }
  return answers;
}

/**
 * Between the moment in which another file takes the place of the log and that in which the last lines of
 * the old one are carried over, those lines are in neither's way of being found. There is no index then, so
 * only a scan can meet it: it waits, or finishes what a killed process has left.
 */
async function finishReplacement({ layout, ports, problems, signal }: LookUp): Promise<void> {
  if (replacedNames(layout, ports.fs).length === 0) return;
  try {
    const options = { ...ports, lockWaitMs: MOST_WAIT_MS, signal };
    await underLock(layout, options, () => Promise.resolve());
  } catch (error) {
    signal?.throwIfAborted();
    problems.push(`The last lines of "${layout.logPath}" may be missing: ${messageOf(error)}`);
  }
}

const MOST_WAIT_MS = 5000;

/** Kept beyond what is asked for: some may turn out to be forgotten further down. */
const SPARE = 32;

/** More than one are needed where many were forgotten, or where others edit the log meanwhile. */
const MOST_PASSES = 4;

async function scan(lookUp: LookUp, wants: readonly Want[], spare: number): Promise<Scanned> {
  const { layout, log, files, budgets, signal } = lookUp;
  const folds = new Map<string, OpenFold>();
  for (const { domain, limit } of wants) {
    const most = Math.max(limit, KEPT_PER_DOMAIN) + spare;
    folds.set(domain, { domain, fold: new DomainFold(most), from: 0 });
  }
  const lines = new LineScan({
    taskId: layout.taskId,
    search: NeedleSearch.for(new Set(folds.keys())),
    visit: (line) => {
      foldLine(folds, line);
    },
  });
  const { size } = files.fs.fstat(log.fd);
  const source = { fd: log.fd, files, from: 0, size, budgets };
  const report = await scanWithPauses(lines, source, { signal });
  files.linesParsed += lines.linesParsed;
  return { folds, report };
}

/** The answer stands without it: a disk that is full or read-only costs the next look-up a scan. */
async function mend(lookUp: LookUp, { folds, report }: Scanned): Promise<void> {
  // A last line without a newline is in the folds, but may still become another one.
  if (report.truncated || report.hasUnended) return;
  const { layout, ports, files, problems } = lookUp;
  const found = new Map([...folds].map(([domain, { fold }]) => [domain, fold]));
  try {
    const { fd } = lookUp.log;
    const log = { fd, size: files.fs.fstat(fd).size };
    const job = { layout, ports, files, log, memory: new IndexMemory() };
    await healIndex(job, { folds: found, settledTo: report.settledTo });
  } catch (error) {
    problems.push(`The index of "${layout.logPath}" could not be mended: ${messageOf(error)}`);
  }
}
