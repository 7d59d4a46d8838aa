/** A known defect, and the guard that has to find it. */
export interface Defect {
  readonly name: string;
  /** Folder name of the package whose guard it is. */
  readonly project: string;
  /** Name of the guard's file without `.bench.mjs`. */
  readonly guard: string;
  /** The measure that has to be beyond its limit. */
  readonly measure: string;
  /**
   * Puts the defect into a sound build.
   *
   * @param slot - folder of the build
   * @throws BenchError `DEFECT_NOT_APPLIED` where the build has no place for it
   */
  readonly apply: (slot: string) => Promise<void>;
}
