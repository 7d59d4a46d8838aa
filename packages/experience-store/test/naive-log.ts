/** What a query should find, by the plainest way: every line read and parsed, everything held. */
export interface NaiveQuery {
  readonly taskId: string;
  readonly domain: string;
  readonly limit: number;
  readonly minReward?: number | undefined;
}

export interface NaiveRecord {
  readonly id: string;
  readonly score: number;
  readonly createdAt: string;
  readonly order: number;
  readonly summary: unknown;
  counters: {
    seen: number;
    uses: number;
    helped: number;
    harmed: number;
    pinned: boolean;
  };
}

type Members = Readonly<Record<string, unknown>>;

interface NaiveLine {
  readonly members: Members;
  readonly batch: RegExpExecArray | null;
  readonly order: number;
}

export function naiveAnswer(log: Uint8Array, query: NaiveQuery): NaiveRecord[] {
  const { domain, limit, minReward = -Infinity } = query;
  const records = new Map<string, NaiveRecord>();
  const gone = new Set<string>();
  for (const { members, order } of countingLines(log, query.taskId)) {
    if (typeof members['note'] === 'string' && members['reward'] === undefined) {
      applyNote(members, { domain, records, gone });
    } else if (members['domain'] === domain && !gone.has(members['id'] as string)) {
      const record = recordOf(members, order);
      const before = records.get(record.id);
      if (!before || compare(record, before) < 0) records.set(record.id, record);
    }
  }
  const fits = [...records.values()].filter(({ score }) => score >= minReward);
  return fits.sort(compare).slice(0, limit);
}

/** What was last read: tests ask for one domain after the other of a log that stays as it is. */
const last: { log: Uint8Array; taskId: string; lines: readonly NaiveLine[] } = {
  ...{ log: Buffer.alloc(0), taskId: '', lines: [] },
};

function countingLines(log: Uint8Array, taskId: string): readonly NaiveLine[] {
  if (last.taskId !== taskId || Buffer.compare(last.log, log) !== 0) {
    Object.assign(last, { log: Buffer.from(log), taskId, lines: readLines(log, taskId) });
  }
  return last.lines;
}

function readLines(log: Uint8Array, taskId: string): NaiveLine[] {
  const texts = splitLines(log).map((bytes) => Buffer.from(bytes).toString('utf8'));
  const counting: NaiveLine[] = [];
  let pending: NaiveLine[] = [];
  for (const [order, text] of texts.entries()) {
    const line = contentOf(text, taskId, order);
    const blanked = /^\{"blank":true *,"batch":"([0-9a-f]{8}):(\d+)\/\2"\}$/.exec(text);
    if (blanked && blanked[1] === pending[0]?.batch?.[1]) {
      counting.push(...pending);
      pending = [];
    }
    if (!line) continue;
    const { batch } = line;
    if (batch?.[1] !== pending[0]?.batch?.[1]) pending = [];
    if (!batch) {
      counting.push(line);
      continue;
    }
    pending.push(line);
    if (batch[2] !== batch[3]) continue;
    counting.push(...pending);
    pending = [];
  }
  return counting;
}

function splitLines(log: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  let start = 0;
  for (let at = 0; at < log.byteLength; at++) {
    if (log[at] !== 10) continue;
    lines.push(log.subarray(start, at));
    start = at + 1;
  }
  lines.push(log.subarray(start));
  return lines;
}

function contentOf(text: string, taskId: string, order: number): NaiveLine | undefined {
  if (text.trim() === '' || Buffer.byteLength(text) > 2 ** 20) return undefined;
  const members = parse(text);
  if (!members) return undefined;
  const owner = members['taskId'];
  if (typeof owner === 'string' && owner !== taskId) return undefined;
  const frame = typeof members['batch'] === 'string' ? members['batch'] : '';
  const batch = /^([0-9a-f]{8}):([1-9]\d*)\/([1-9]\d*)$/.exec(frame);
  const isNote = typeof members['note'] === 'string' && members['reward'] === undefined;
  const isRecord =
    typeof members['id'] === 'string' &&
    members['id'] !== '' &&
    typeof members['domain'] === 'string' &&
    isObject(members['reward']);
  return isNote || isRecord ? { members, batch, order } : undefined;
}

function parse(text: string): Members | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function recordOf(members: Members, order: number): NaiveRecord {
  const reward = members['reward'] as Members;
  const finite = (value: unknown): number =>
    typeof value === 'number' && Number.isFinite(value) ? value : 0;
  const { id, createdAt, summary32 } = members;
  return {
    id: id as string,
    score: finite(reward['gtScore']) + finite(reward['relativeRank']),
    createdAt: typeof createdAt === 'string' ? createdAt : '',
    order,
    summary: summary32,
    counters: {
      seen: Number(members['seen'] ?? 0),
      uses: Number(members['uses'] ?? 0),
      helped: Number(members['helped'] ?? 0),
      harmed: Number(members['harmed'] ?? 0),
      pinned: members['pinned'] === true,
    },
  };
}

interface NaiveState {
  readonly domain: string;
  readonly records: Map<string, NaiveRecord>;
  readonly gone: Set<string>;
}

function applyNote(note: Members, { domain, records, gone }: NaiveState): void {
  if (note['note'] === 'outcome') {
    const used = note['used'] as { id: string; domain: string }[];
    for (const id of new Set(
      used.filter((each) => each.domain === domain).map((each) => each.id),
    )) {
      const counters = records.get(id)?.counters;
      if (!counters) continue;
      counters.uses++;
      if (note['outcome'] === 'helped') counters.helped++;
      if (note['outcome'] === 'harmed') counters.harmed++;
    }
    return;
  }
  if (note['domain'] !== domain) return;
  const id = note['id'] as string;
  const counters = records.get(id)?.counters;
  if (note['note'] === 'forgotten') {
    records.delete(id);
    gone.add(id);
  } else if (!counters) return;
  else if (note['note'] === 'seen') counters.seen++;
  else counters.pinned = note['note'] === 'pinned';
}

function compare(a: NaiveRecord, b: NaiveRecord): number {
  if (a.score !== b.score) return b.score - a.score;
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt ? 1 : -1;
  return a.order - b.order;
}
