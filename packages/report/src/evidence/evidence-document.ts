import type { MachineFingerprint, RunSample } from '../compare/run-sample.js';

/** Name and version of the format of evidence. */
export const evidenceSchemaId = 'evidence/v1';

/** Which side of a change a run is of: what there was, or what is proposed. */
export const evidenceRoles = ['base', 'candidate'] as const;
export type EvidenceRole = (typeof evidenceRoles)[number];

/** What was measured in one go, before a change or after it. */
export interface EvidenceDocument {
  readonly schema: typeof evidenceSchemaId;
  readonly phase: 'baseline' | 'post';
  readonly taskId: string;
  readonly pipelineId: string;
  /** ISO string in UTC. */
  readonly startedAt: string;
  readonly toolVersion: string | null;
  /** What was measured, one for each role that has runs. */
  readonly builds: readonly EvidenceBuild[];
  /** The machine that all of it was measured on; null where it is not known. */
  readonly machine: MachineFingerprint | null;
  /** The roles in the order of time, one for each run that was begun. */
  readonly order: readonly EvidenceRole[];
  readonly runs: readonly EvidenceRun[];
  /** What whoever reads the numbers should know, one sentence each. */
  readonly notes: readonly string[];
}

export interface EvidenceBuild {
  readonly role: EvidenceRole;
  /** As it was named, such as a branch; null where nobody named one. */
  readonly ref: string | null;
  readonly commit: string | null;
  /** The command that ran the pipeline, and its arguments. */
  readonly command: readonly string[];
}

export interface EvidenceRun {
  readonly runId: string;
  readonly role: EvidenceRole;
  /** Relative to the repository, with `/`. */
  readonly manifestPath: string;
  /** Of the file's bytes, in hex. */
  readonly manifestSha256: string;
  /** The last hash of the journal, which stands for all that was recorded; null without a chain. */
  readonly journalHead: string | null;
  readonly sample: RunSample;
}
