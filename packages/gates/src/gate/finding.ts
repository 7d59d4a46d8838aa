/** One thing that a gate found wrong, for people and for the programs that show it beside the code. */
export interface Finding {
  /** What was broken, in kebab case and never renamed, such as `spec-missing`. */
  readonly rule: string;
  /** Relative to the root, with `/`; null where it is about no file. */
  readonly file: string | null;
  /** From 1; null where it is about a file as a whole, or about none. */
  readonly line: number | null;
  /** What is wrong, one sentence without a full stop at its end. */
  readonly message: string;
  /** What to do about it; null where that is not certain. */
  readonly fix: string | null;
}
