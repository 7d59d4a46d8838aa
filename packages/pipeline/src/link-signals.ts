/** A signal that is aborted with the first of several, until it is let go of. */
export interface LinkedSignal extends Disposable {
  readonly signal: AbortSignal;
}

/**
 * Like `AbortSignal.any`, but nothing of it stays with sources that live long: a loop links a signal for
 * every process that it starts.
 */
export function linkSignals(sources: readonly (AbortSignal | undefined)[]): LinkedSignal {
  const controller = new AbortController();
  const unlinks = sources.map((source) => {
    const onAbort = (): void => {
      controller.abort(source?.reason);
    };
    if (source?.aborted) onAbort();
    source?.addEventListener('abort', onAbort, { once: true });
    return () => source?.removeEventListener('abort', onAbort);
  });
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      for (const unlink of unlinks) unlink();
    },
  };
}
