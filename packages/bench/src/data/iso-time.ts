const dayMs = 86_400_000;

/** The same text as `new Date(ms).toISOString()`, which took most of the time of a line. */
export function isoTime(ms: number): string {
  return `${dateOf(ms)}T${clockOf(ms, ':')}.${three(ms % 1000)}Z`;
}

/** The same with what a name of a file may have, as ids of runs begin: `2026-01-06T06-53-37-814Z`. */
export function fileTime(ms: number): string {
  return `${dateOf(ms)}T${clockOf(ms, '-')}-${three(ms % 1000)}Z`;
}

// Times come in order nearly always, so that the last day is the one that is asked for.
let lastDay = { day: -1, text: '' };

function dateOf(ms: number): string {
  const day = Math.floor(ms / dayMs);
  if (day !== lastDay.day) {
    lastDay = { day, text: new Date(day * dayMs).toISOString().slice(0, 10) };
  }
  return lastDay.text;
}

function clockOf(ms: number, mark: string): string {
  const seconds = Math.floor((ms % dayMs) / 1000);
  const minutes = Math.floor(seconds / 60);
  return `${two(Math.floor(minutes / 60))}${mark}${two(minutes % 60)}${mark}${two(seconds % 60)}`;
}

function two(value: number): string {
  return value < 10 ? `0${value}` : `${value}`;
}

function three(value: number): string {
  if (value < 10) return `00${value}`;
  return value < 100 ? `0${value}` : `${value}`;
}
