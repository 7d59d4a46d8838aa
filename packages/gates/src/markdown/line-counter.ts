/**
 * Tells the lines of positions in a text that only grow from call to call: the text is gone through once,
 * however many positions are asked for.
 */
export function createLineCounter(text: string, firstLine: number): (position: number) => number {
  let line = firstLine;
  let next = text.indexOf('\n');
  return (position) => {
    while (next >= 0 && next < position) {
      line += 1;
      next = text.indexOf('\n', next + 1);
    }
    return line;
  };
}
