import { nodeFs } from './node-modules.js';

type Flags = Partial<Record<'O_NOFOLLOW' | 'O_NONBLOCK', number>>;
// Windows knows neither.
const { O_NOFOLLOW: noFollow = 0, O_NONBLOCK: noWait = 0 } = nodeFs.constants as Flags;

/**
 * Flags to read a file whose place somebody else can write to: a symlink there is not followed (`ELOOP`), and
 * a pipe is opened without a wait for its other end.
 */
export const untrustedReadFlags: number = nodeFs.constants.O_RDONLY | noFollow | noWait;
