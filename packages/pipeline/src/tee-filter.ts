import type { CommandOutput, OutputFilter, OutputStream } from '@codex-orchestrator/exec';

/**
 * Lets somebody see each piece of a command's output as it came, before a filter changes it. What the
 * listener throws is kept, and the listener not called again; the output goes its way all the same.
 */
export class RawOutputTee {
  /** What the listener threw. */
  error: unknown;
  #listener: ((output: CommandOutput) => void) | undefined;

  constructor(listener: (output: CommandOutput) => void) {
    this.#listener = listener;
  }

  /** Stands before a filter, or before nothing. */
  wrap(stream: OutputStream, filter: OutputFilter | undefined): OutputFilter {
    return {
      push: (chunk) => {
        this.#tell({ stream, bytes: chunk });
        return filter ? filter.push(chunk) : chunk;
      },
      flush: () => filter?.flush() ?? Buffer.alloc(0),
    };
  }

  #tell(output: CommandOutput): void {
    try {
      this.#listener?.(output);
    } catch (error) {
      this.error = error;
      this.#listener = undefined;
    }
  }
}
