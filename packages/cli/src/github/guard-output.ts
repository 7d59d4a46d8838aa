import { readForeignBoolean } from '@codex-orchestrator/core';

import type { Io } from '../io.js';
import { GuardedStream } from './guarded-stream.js';

/** On GitHub Actions, an io whose streams no output can issue workflow commands through. */
export function guardOutput(io: Io): Io {
  if (!readForeignBoolean(io.env, 'GITHUB_ACTIONS')) return io;
  return { ...io, stdout: new GuardedStream(io.stdout), stderr: new GuardedStream(io.stderr) };
}
