import type { OutputStream } from '@codex-orchestrator/exec';
import type { RunEvent } from '@codex-orchestrator/manifest';

/**
 * Watches a run. It is called synchronously, in the order of the journal, and has no say: what it
 * throws is kept among the run's problems and changes nothing else.
 */
export interface RunObserver {
  /** A fact that is in the journal already. */
  onEvent(event: RunEvent): void;
  /** Output of a stage, redacted if the run redacts. `stageIndex` counts from 1. */
  onOutput?(stageIndex: number, stream: OutputStream, bytes: Buffer): void;
  /** Who watches the run that a subpipeline stage is about to start. @default nobody */
  forSubpipeline?(stageIndex: number): RunObserver | undefined;
}
