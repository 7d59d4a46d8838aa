/** Longer lines are damaged ones wherever a history is read. */
export const MAX_LINE_BYTES = 16 * 2 ** 20;
