import { cpuMicros } from './cpu-clock.js';

/**
 * A side that is slower than it is: each call is followed by a share of the processor time that it took,
 * spent on nothing, within what is measured. A gate that does not find it is blind.
 */
export function withExtraWork<T>(run: () => Promise<T>, share: number): () => Promise<T> {
  if (share === 0) return run;
  return async () => {
    const startedMicros = cpuMicros();
    const answer = await run();
    spin((cpuMicros() - startedMicros) * share);
    return answer;
  };
}

/** Keeps the processor busy; gives the processor time that it took in milliseconds. */
export function spin(micros: number): number {
  const startedMicros = cpuMicros();
  let spent = 0;
  while (spent < micros) spent = cpuMicros() - startedMicros;
  return spent / 1000;
}
