import { parts } from '../src/parts.mjs';

/** All parts, in two halves of about the same work: those up to the system calls, and the others. */
const cut = parts.findIndex(({ id }) => id === 'every-byte');
export const firstParts = parts.slice(0, cut);
export const lastParts = parts.slice(cut);
