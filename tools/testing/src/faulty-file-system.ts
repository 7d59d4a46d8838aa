/** What happens to one call: it fails with an errno, or (for `write`) only part of it is done. */
export type Fault =
  | { readonly kind: 'error'; readonly code: string }
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
}

/**
 * Wraps any object of synchronous file-system functions. Before each call `plan` may answer with a
 * fault; otherwise the real function runs. A short `write(fd, view, position)` really
 * writes that many bytes and returns that count, as the kernel does on a full disk.
 */
export function faultyFileSystem<T extends object>(
  real: T,
  plan: (call: FaultyCall) => Fault | undefined,
): FaultyFileSystem<T> {
  const calls: FaultyCall[] = [];
  const count = (operation: string): number =>
    calls.filter((call) => call.operation === operation).length;

  const fs = new Proxy(real, {
    get(target, property, receiver) {
      const member: unknown = Reflect.get(target, property, receiver);
      if (typeof property !== 'string' || typeof member !== 'function') return member;
      return (...args: unknown[]): unknown => {
        const call = { operation: property, nth: count(property) + 1, args };
        calls.push(call);
        const fault = plan(call);
        if (fault?.kind === 'error') throw systemError(fault.code, property);
        return Reflect.apply(
          member,
          target,
          fault ? shortened(args, fault.bytes) : args,
        ) as unknown;
      };
    },
  });
  return { fs, calls, count };
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
