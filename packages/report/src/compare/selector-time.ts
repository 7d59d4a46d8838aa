/**
 * A day or a time of a day in milliseconds since 1970, NaN where it is neither. What is left out is the
 * first or the last moment of what was named; without an offset it is UTC.
 */
export function parseSelectorTime(text: string, edge: 'end' | 'start'): number {
  const match = pattern.exec(text);
  if (match === null) return Number.NaN;
  const [, day = '', minutes, seconds = '', offset = 'Z'] = match;
  const named = minutes === undefined ? `${day}T00:00` : `${day}T${minutes}${seconds}`;
  const startMs = Date.parse(`${named}${offset.toUpperCase()}`);
  if (!existsDay(day) || Number.isNaN(startMs)) return Number.NaN;
  return edge === 'start' ? startMs : startMs + lengthMs(minutes, seconds) - 1;
}

const pattern =
  /^(\d{4}-\d\d-\d\d)(?:[Tt](\d\d:\d\d)(:\d\d(?:\.\d{1,3})?)?([Zz]|[+-]\d\d:\d\d)?)?$/;

/** Some engines move days that do not exist, such as 30 February, on to the next one that does. */
function existsDay(day: string): boolean {
  const ms = Date.parse(`${day}T00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
}

function lengthMs(minutes: string | undefined, seconds: string): number {
  if (minutes === undefined) return 24 * 60 * 60_000;
  if (seconds === '') return 60_000;
  return seconds.includes('.') ? 1 : 1000;
}
