const dayMs = 86_400_000;

/** The same text as `new Date(ms).toISOString()`, which took most of the time of a line. */
export function isoTime(ms: number): string {
  const day = Math.floor(ms / dayMs);
  const rest = ms - day * dayMs;
  const seconds = Math.floor(rest / 1000);
  const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return `${dateOf(day)}${clock}.${three(rest % 1000)}Z`;
}

const dates = new Map<number, string>();

function dateOf(day: number): string {
  const known = dates.get(day);
  if (known !== undefined) return known;
  const text = new Date(day * dayMs).toISOString().slice(0, 11);
  // Times come in order nearly always, so that the last days are all that is asked for.
  if (dates.size > 1000) dates.clear();
  dates.set(day, text);
  return text;
}

function two(value: number): string {
  return value < 10 ? `0${value}` : `${value}`;
}

function three(value: number): string {
  if (value < 10) return `00${value}`;
  return value < 100 ? `0${value}` : `${value}`;
}
