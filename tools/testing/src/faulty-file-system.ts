/**
 * What happens to one call: it fails with an errno (before it did anything, or `after` it did
 * everything, as network file systems can), or a `read` or `write` does only a part.
 */
export type Fault =
  | { readonly kind: 'error'; readonly code: string; readonly after?: boolean }
  | { readonly kind: 'short'; readonly bytes: number };

/** One call as the test sees it. `nth` counts calls of the same operation from 1. */
export interface FaultyCall {
  readonly operation: string;
  readonly nth: number;
  readonly args: readonly unknown[];
}

export interface FaultyFileSystem<T> {
  readonly fs: T;
  /** Every call in order, those that failed included. */
  readonly calls: readonly FaultyCall[];
  /** Number of calls of one operation so far. */
  count(operation: string): number;
  /** What `open` returned and `close` was never called with. */
  unclosed(): number[];
}

/**
 * Wraps any object of synchronous file-system functions. Before each call `plan` may answer with a
 * fault; otherwise the real function runs. A short `write(fd, view, position)` really
 * writes that many bytes and returns that count, as the kernel does on a full disk. A `close` that
 * fails has closed the descriptor all the same, as on Linux.
 */
export function faultyFileSystem<T extends object>(
  real: T,
  plan: (call: FaultyCall) => Fault | undefined,
): FaultyFileSystem<T> {
  const calls: FaultyCall[] = [];
  const counts = new Map<string, number>();
  const descriptors = new Set<number>();

  function record(operation: string, args: readonly unknown[]): FaultyCall {
    const nth = (counts.get(operation) ?? 0) + 1;
    counts.set(operation, nth);
    const call = { operation, nth, args };
    calls.push(call);
    if (operation === 'close') descriptors.delete(args[0] as number);
    return call;
  }

  const fs = new Proxy(real, {
    get(target, property, receiver) {
      const member: unknown = Reflect.get(target, property, receiver);
      if (typeof property !== 'string' || typeof member !== 'function') return member;
      return (...args: unknown[]): unknown => {
        const fault = plan(record(property, args));
        const run = (used: readonly unknown[]): unknown => Reflect.apply(member, target, used);
        const result = withFault(run, { operation: property, args, fault });
        if (property === 'open') descriptors.add(result as number);
        return result;
      };
    },
  });
  const count = (operation: string): number => counts.get(operation) ?? 0;
  return { fs, calls, count, unclosed: () => [...descriptors] };
}

function withFault(
  run: (args: readonly unknown[]) => unknown,
  call: {
    readonly operation: string;
    readonly args: readonly unknown[];
    readonly fault: Fault | undefined;
  },
): unknown {
  const { operation, args, fault } = call;
  if (fault?.kind === 'short') return run(shortened(args, fault.bytes));
  if (fault && !fault.after && operation !== 'close') throw systemError(fault.code, operation);
  const result = run(args);
  if (fault) throw systemError(fault.code, operation);
  return result;
}

function shortened(args: readonly unknown[], bytes: number): unknown[] {
  const [fd, view, ...rest] = args;
  return [fd, view instanceof Uint8Array ? view.subarray(0, bytes) : view, ...rest];
}

function systemError(code: string, operation: string): NodeJS.ErrnoException {
  const error: NodeJS.ErrnoException = new Error(`${code}: injected fault, ${operation}`);
  error.code = code;
  error.syscall = operation;
  return error;
}
