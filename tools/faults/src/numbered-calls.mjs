/**
 * One system call of a traced program that concerns one of some folders.
 *
 * @typedef {object} NumberedCall
 * @property {string} call
 * @property {number} when Its number among the calls of that name, from 1.
 */

/**
 * @param {readonly string[]} trace What `strace -y` wrote, with every call in one line.
 * @param {readonly string[]} folders
 * @returns {NumberedCall[]}
 */
export function callsConcerning(trace, folders) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  /** @type {NumberedCall[]} */
  const found = [];
  for (const line of trace) {
    const call = /^(?:\d+ +)?([a-z0-9_]+)\(/.exec(line)?.[1];
    if (call === undefined) continue;
    const when = (counts.get(call) ?? 0) + 1;
    counts.set(call, when);
    if (folders.some((folder) => line.includes(folder))) found.push({ call, when });
  }
  return found;
}

/**
 * The last call of each name.
 *
 * @param {readonly NumberedCall[]} calls
 * @returns {NumberedCall[]}
 */
export function lastCalls(calls) {
  return [...new Map(calls.map(({ call, when }) => [call, when]))].map(([call, when]) => ({
    call,
    when,
  }));
}
