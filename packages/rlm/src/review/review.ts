import type { Usage } from '../agent/agent.js';
import type { EvidenceFile } from '../loop/own-place.js';
import type { ConfiguredLoop } from '../settings/configured-loop.js';

/** How much a finding matters, the least first. */
export const severities = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** One thing that a reviewer found, each text at most 2000 characters. */
export interface ReviewedFinding {
  readonly severity: Severity;
  /** Relative to the root, with `/`; null where it names none that lies below the root. */
  readonly file: string | null;
  /** From 1; null where it is about no line. */
  readonly line: number | null;
  readonly title: string;
  /** Empty where the title says it all. */
  readonly message: string;
  readonly fix: string | null;
}

/** Who reviews, as a loop says who works. */
export type ConfiguredReviewer = Pick<
  ConfiguredLoop,
  'agent' | 'agentArgs' | 'agentSpeaks' | 'agentTemplate' | 'program'
>;

export interface ReviewRequest {
  /** Asks for findings in the form that `takeReview` reads. */
  readonly prompt: string;
  /** What is reviewed, and where the agent works, absolute. */
  readonly root: string;
  /** Where prompt, output, events and answer are left, absolute. It is made where it is missing. */
  readonly folder: string;
  /** @default what the environment names as for a loop, else the first agent installed */
  readonly reviewer?: ConfiguredReviewer;
  /** Milliseconds that the review may take. @default 900000 */
  readonly timeoutMs?: number;
  /** Milliseconds without a sign of progress. @default 600000 */
  readonly silenceTimeoutMs?: number;
  /** Bytes that the agent may print. @default 67108864 */
  readonly maxOutputBytes?: number;
}

/** What came of asking for a review. Texts have no secrets in them. */
export type TakenReview =
  | {
      readonly kind: 'reviewed';
      /** Name of the agent. */
      readonly agent: string;
      readonly verdict: ReviewVerdict;
      /** At most 50, the most severe ones where there were more. */
      readonly findings: readonly ReviewedFinding[];
      /** How many findings there were beside those. */
      readonly omitted: number;
      /** The end of what the agent said at last, at most 16 KiB. */
      readonly message: string;
      readonly usage: Usage;
      readonly files: readonly EvidenceFile[];
    }
  | {
      readonly kind: 'not-reviewed';
      /** Null where there is none. */
      readonly agent: string | null;
      /** One sentence without a full stop. */
      readonly reason: string;
      readonly usage: Usage;
      readonly files: readonly EvidenceFile[];
    };

export const reviewVerdicts = ['approve', 'request_changes'] as const;
export type ReviewVerdict = (typeof reviewVerdicts)[number];
