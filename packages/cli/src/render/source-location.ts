/** A place in a file, as compilers, linters and test runners write it. */
export interface SourceLocation {
  readonly file: string;
  readonly line: number;
  readonly column: number | null;
}

/**
 * `src/a.ts(3,5)`, `src/a.ts:3:5`, `src/a.ts:3`, anywhere in a line. The file must look like one: with
 * an extension, and without what would make it a URL.
 */
const places =
  /(?<![\w/.:-])(?<file>(?:[A-Za-z]:[\\/])?[\w@./\\+-]*\.[A-Za-z]\w{0,9})(?:\((?<line>\d{1,9})(?:,(?<column>\d{1,9}))?\)|:(?<row>\d{1,9})(?::(?<place>\d{1,9}))?)(?!\w)/;

/** The first place that a line names. */
export function findLocation(text: string): SourceLocation | null {
  const { file, line, column, row, place } = places.exec(text)?.groups ?? {};
  if (file === undefined) return null;
  const last = column ?? place;
  return { file, line: Number(line ?? row), column: last === undefined ? null : Number(last) };
}
