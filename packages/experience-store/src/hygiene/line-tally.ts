/** A line that is no record and no note, for people who want to look at it. */
export interface LineProblem {
  /** From 1. */
  readonly line: number;
  readonly offset: number;
  readonly bytes: number;
  readonly reason: string;
}

/** How many lines of a kind there are, and the first few of them. */
export interface LineCount {
  readonly count: number;
  readonly bytes: number;
}

export interface ListedLines extends LineCount {
  /** The first ones; `count` tells whether there are more. */
  readonly examples: readonly LineProblem[];
}

export class LineTally implements ListedLines {
  count = 0;
  bytes = 0;
  readonly examples: LineProblem[] = [];
  readonly #maxExamples: number;

  constructor(maxExamples: number) {
    this.#maxExamples = maxExamples;
  }

  add(problem: LineProblem): void {
    this.count += 1;
    this.bytes += problem.bytes;
    if (this.examples.length < this.#maxExamples) this.examples.push(problem);
  }
}
