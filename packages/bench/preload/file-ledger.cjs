'use strict';

const { basename, resolve, sep } = require('node:path');

/**
 * What was done to the files below a folder: totals, and writes by file. A file that takes another name
 * takes its writes along, so that a file that is replaced has all the writes of its replacements.
 *
 * @param {string} root
 */
exports.createFileLedger = function createFileLedger(root) {
  const inside = resolve(root) + sep;
  const counts = {
    calls: 0,
    opens: 0,
    reads: 0,
    bytesRead: 0,
    writes: 0,
    bytesWritten: 0,
    renames: 0,
    fsyncs: 0,
    unlinks: 0,
  };
  /** @type {Map<number, string>} */
  const descriptors = new Map();
  /** @type {Map<string, { writes: number, bytes: number }>} */
  const files = new Map();
  let depth = 0;

  /** The absolute path of a path, URL or descriptor that counts, else undefined. */
  const pathOf = (target) => {
    if (typeof target === 'number') return descriptors.get(target);
    const text = target instanceof URL ? target.pathname : String(target);
    const path = resolve(text);
    return path.startsWith(inside) || path + sep === inside ? path : undefined;
  };

  const add = (name, path, bytes) => {
    counts[name] += 1;
    if (name === 'reads') counts.bytesRead += bytes;
    if (name !== 'writes') return;
    counts.bytesWritten += bytes;
    const file = files.get(path) ?? { writes: 0, bytes: 0 };
    files.set(path, { writes: file.writes + 1, bytes: file.bytes + bytes });
  };

  const moveWrites = (from, to, { keep }) => {
    const moved = files.get(from);
    if (moved === undefined || from === to) return;
    const there = files.get(to) ?? { writes: 0, bytes: 0 };
    files.set(to, { writes: there.writes + moved.writes, bytes: there.bytes + moved.bytes });
    if (!keep) files.delete(from);
  };

  return {
    counts,
    pathOf,
    add,
    moveWrites,
    call: () => (counts.calls += 1),
    opened: (descriptor, path) => descriptors.set(descriptor, path),
    closed: (descriptor) => descriptors.delete(descriptor),
    /** Calls of node:fs that node:fs makes itself are no calls of the program. */
    pause: (run) => {
      depth += 1;
      try {
        return run();
      } finally {
        depth -= 1;
      }
    },
    isPaused: () => depth > 0,
    byFile: () => {
      const named = {};
      for (const [path, { writes, bytes }] of files) {
        const name = basename(path);
        const there = named[name] ?? { writes: 0, bytes: 0 };
        named[name] = { writes: there.writes + writes, bytes: there.bytes + bytes };
      }
      return named;
    },
  };
};
