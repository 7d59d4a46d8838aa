/** Hotspots that an agent reported: `findings.json` as it is written. */
export interface Findings {
  readonly version: 1;
  /** Null where the agent that reported them did not say. */
  readonly goal: string | null;
  readonly generated_at: string | null;
  /** At most 50. */
  readonly findings: readonly Finding[];
}

export interface Finding {
  /** Unique among the findings; letters, digits and `-`. */
  readonly id: string;
  readonly title: string;
  readonly hotspot: Hotspot;
  /** At least one, at most 10. */
  readonly evidence: readonly string[];
  readonly impact?: string | undefined;
  /** At most 5. */
  readonly candidate_fixes: readonly CandidateFix[];
}

export interface Hotspot {
  /** Relative to the root of the repository, with `/`. */
  readonly file: string;
  readonly symbol?: string | undefined;
  /** `12` or `12-30`. */
  readonly lines?: string | undefined;
}

export interface CandidateFix {
  readonly title: string;
  readonly description: string;
  /** As the file of a hotspot, at most 20. */
  readonly files: readonly string[];
  /** Names of tests or commands that would show it, at most 20. */
  readonly tests: readonly string[];
  readonly risk?: string | undefined;
}
