/** A path for a line that people read: one with control characters is quoted, so that it stays on its line. */
export function showPath(path: string): string {
  return /\p{Cc}|\p{Cf}|[\u2028\u2029]/u.test(path) ? JSON.stringify(path) : path;
}

/** Some paths in one line: the first ones, and how many more there are. */
export function showPaths(paths: readonly string[], most: number): string {
  const shown = paths.slice(0, most).map(showPath).join(', ');
  return paths.length > most ? `${shown} and ${paths.length - most} more` : shown;
}
