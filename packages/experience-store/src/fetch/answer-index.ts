import { DomainFold } from '../index/domain-fold.js';
import type { DomainState } from '../index/domain-fold.js';
import { KEPT_PER_DOMAIN } from '../index/domain-file.js';
import { foldLine } from '../index/fold-tail.js';
import type { OpenFold } from '../index/fold-tail.js';
import { readDomain, readIndexHeader } from '../index/read-index.js';
import { LineScan } from '../log/scan-lines.js';
import { scanWithPauses } from '../log/scan-log.js';
import { NeedleSearch } from '../log/scan-needles.js';
import { pickBest } from './pick-best.js';
import type { LogAnswers, LookUp } from './look-up.js';
import type { Want } from './query.js';

/** Answers what the index and the end of the log behind it have; leaves the rest without an answer. */
export async function answerFromIndex(lookUp: LookUp, wants: readonly Want[]): Promise<LogAnswers> {
  const { layout, log, files, problems } = lookUp;
  const answers: LogAnswers = new Map();
  const reading = readIndexHeader(layout, log, files);
  if (!reading.header) {
    if (reading.because !== undefined) problems.push(reading.because);
    return answers;
  }
  const found = new Map<Want, FoundDomain>();
  for (const want of wants) {
    const domain = readDomain(want.domain, { layout, header: reading.header, log, files });
    if (domain.state) found.set(want, domain);
    else if (domain.because !== undefined) problems.push(domain.because);
  }
  const states = await foldTail(lookUp, found);
  for (const [want, state] of states) {
    const records = pickBest(state, want, lookUp);
    if (records) answers.set(want, { records, source: 'index', truncated: false });
  }
  return answers;
}

interface FoundDomain {
  readonly state: DomainState;
  /** Where the end of the log begins that the index does not have. */
  readonly from: number;
}

async function foldTail(
  { layout, log, files, signal }: LookUp,
  found: ReadonlyMap<Want, FoundDomain>,
): Promise<Map<Want, DomainState>> {
  const states = new Map([...found].map(([want, { state }]) => [want, state]));
  const from = Math.min(...[...found.values()].map((domain) => domain.from));
  // Anew: whoever brought the index up to date may have seen more of the log.
  const { size } = files.fs.fstat(log.fd);
  if (from >= size) return states;
  const folds = new Map<string, OpenFold>();
  for (const [{ domain, limit }, { state, from: begin }] of found) {
    const fold = new DomainFold(Math.max(limit, KEPT_PER_DOMAIN), state);
    folds.set(domain, { domain, fold, from: begin });
  }
  const scan = new LineScan({
    taskId: layout.taskId,
    search: NeedleSearch.for(new Set(folds.keys())),
    visit: (line) => {
      foldLine(folds, line);
    },
  });
  await scanWithPauses(scan, { fd: log.fd, files, from, size }, { signal });
  files.linesParsed += scan.linesParsed;
  for (const want of found.keys()) {
    const fold = folds.get(want.domain)?.fold;
    if (fold?.isChanged) states.set(want, fold.state);
  }
  return states;
}
