/** One attempt as the naive reader has it: the parsed line, whatever is in it. */
export type Line = Readonly<Record<string, unknown>>;

export interface NaiveHistory {
  /** Everything that was ever counted, in order; a part of it was replaced later. */
  readonly added: readonly Line[];
  /** What counts in the end, in the order in which it was added. */
  readonly counted: readonly Line[];
}

/** Reads whole buffers, splits them at byte 10 and keeps the last attempt of each run. */
export function readNaively(segments: readonly Buffer[], maxLineBytes = Infinity): NaiveHistory {
  const added: Line[] = [];
  const counted = new Map<string, Line>();
  for (const line of segments.flatMap(splitLines)) {
    const entry = line.byteLength > maxLineBytes ? undefined : parseLine(line);
    if (entry === undefined) continue;
    const id = entry['run_id'] as string;
    const earlier = counted.get(id);
    if (earlier !== undefined && attemptOf(entry) <= attemptOf(earlier)) continue;
    // Deleted first, so that a map in order of insertion is one in order of counting.
    counted.delete(id);
    counted.set(id, entry);
    added.push(entry);
  }
  return { added, counted: [...counted.values()] };
}

export function splitLines(segment: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  for (let at = 0; at <= segment.length; at += 1) {
    if (at < segment.length && segment[at] !== 10) continue;
    lines.push(segment.subarray(start, at));
    start = at + 1;
  }
  return lines;
}

export function attemptOf(entry: Line): number {
  const attempt = own(entry, 'attempt');
  return typeof attempt === 'number' && Number.isSafeInteger(attempt) && attempt > 0 ? attempt : 1;
}

export function own(object: Line, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

export function text(object: Line, key: string): string | undefined {
  const value = own(object, key);
  return typeof value === 'string' ? value : undefined;
}

export function number(object: Line, key: string): number | undefined {
  const value = own(object, key);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** The members of an array that are objects with a name under the key. */
export function named(object: Line, array: string, key: string): Line[] {
  const value = own(object, array);
  if (!Array.isArray(value)) return [];
  return value.filter((each): each is Line => isObject(each) && isFilled(own(each, key)));
}

function parseLine(line: Buffer): Line | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line.toString('utf8').trim());
  } catch {
    return undefined;
  }
  if (!isObject(value)) return undefined;
  const required = ['run_id', 'status', 'recorded_at'];
  return required.every((key) => isFilled(own(value, key))) ? value : undefined;
}

function isObject(value: unknown): value is Line {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isFilled(value: unknown): value is string {
  return typeof value === 'string' && value.trim().length > 0;
}
