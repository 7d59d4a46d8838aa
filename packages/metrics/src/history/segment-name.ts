/** What the name of a closed segment says. */
export interface SegmentName {
  /** When the segment before this one was closed, or this one begun, in ms since the epoch. */
  readonly firstMs: number;
  /** When it was closed. */
  readonly lastMs: number;
  readonly compressed: boolean;
  /** The name without `.gz`: a segment keeps it when it is compressed, and with it its place. */
  readonly plainName: string;
}

const PATTERN = /^metrics-(\d{8}T\d{9}Z)-(\d{8}T\d{9}Z)\.ndjson(\.gz)?$/;
/** The last moment that four digits of a year can name. */
const LATEST_MS = Date.UTC(10_000, 0) - 1;

/** Reads a file name; `undefined` where it is not exactly one that `nextSegmentName` gives. */
export function parseSegmentName(name: string): SegmentName | undefined {
  const match = PATTERN.exec(name);
  if (!match) return undefined;
  const [, first = '', last = '', suffix] = match;
  const firstMs = parseStamp(first);
  const lastMs = parseStamp(last);
  if (firstMs === undefined || lastMs === undefined || firstMs > lastMs) return undefined;
  const compressed = suffix !== undefined;
  return { firstMs, lastMs, compressed, plainName: compressed ? name.slice(0, -3) : name };
}

/**
 * `metrics-20260106T065337814Z-20260107T000000000Z.ndjson`: the times at which the segment was begun and
 * closed. As text, and so in the order of history, it comes after `previous`, whatever the clock says.
 *
 * @throws RangeError after the year 9999, where no later name is left.
 */
export function nextSegmentName(
  previous: SegmentName | undefined,
  times: { readonly begunMs: number; readonly nowMs: number },
): string {
  const nowMs = withinCalendar(times.nowMs);
  const earliestMs = previous ? previous.lastMs + 1 : 0;
  const lastMs = Math.max(nowMs, earliestMs);
  if (lastMs > LATEST_MS) throw new RangeError('no later name of a segment is left');
  const firstMs = previous?.lastMs ?? Math.min(withinCalendar(times.begunMs), lastMs);
  return `metrics-${stamp(firstMs)}-${stamp(lastMs)}.ndjson`;
}

function withinCalendar(ms: number): number {
  return Number.isFinite(ms) ? Math.min(Math.max(Math.trunc(ms), 0), LATEST_MS) : 0;
}

function stamp(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:.]/g, '');
}

/** `undefined` for dates that do not exist: some of those are moved on to the next one that does. */
function parseStamp(text: string): number | undefined {
  const day = `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}`;
  const time = `${text.slice(9, 11)}:${text.slice(11, 13)}:${text.slice(13, 15)}.${text.slice(15)}`;
  const ms = Date.parse(`${day}T${time}`);
  return !Number.isNaN(ms) && stamp(ms) === text ? ms : undefined;
}
