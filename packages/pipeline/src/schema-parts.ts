import * as z from 'zod/mini';

/** Node's timers take a signed 32-bit number of milliseconds; a longer delay would fire at once. */
export const maxDelayMs = 2_147_483_647;

/** Text that is not empty. */
export function text() {
  return z.string().check(z.minLength(1));
}

export function delayMs(minimum: number) {
  return z.int().check(z.minimum(minimum), z.maximum(maxDelayMs));
}

/** A line for the shell, or a program and its arguments. */
export function commandLine() {
  return z.union([text(), z.tuple([text()], z.string())]);
}

export function described<S extends z.ZodMiniType>(schema: S, description: string): S {
  return schema.check(z.describe(description));
}

export function optional<S extends z.ZodMiniType>(schema: S, description: string) {
  return z.exactOptional(described(schema, description));
}
