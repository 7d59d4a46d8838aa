/** Colours for a terminal, or functions that change nothing. */
export type Colors = Readonly<Record<keyof typeof codes, (text: string) => string>>;

/** Start and end of each style; the end leaves other styles on. */
const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
} as const;

export function createColors(enabled: boolean): Colors {
  const style =
    ([start, end]: readonly [number, number]) =>
    (text: string): string =>
      enabled ? `\u001b[${String(start)}m${text}\u001b[${String(end)}m` : text;
  return {
    bold: style(codes.bold),
    dim: style(codes.dim),
    red: style(codes.red),
    green: style(codes.green),
    yellow: style(codes.yellow),
  };
}
