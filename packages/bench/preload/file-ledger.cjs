'use strict';

const { basename, resolve, sep } = require('node:path');
const { fileURLToPath } = require('node:url');

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
    const text = target instanceof URL ? fileURLToPath(target) : String(target);
    const path = resolve(text);
    return path.startsWith(inside) || path + sep === inside ? path : undefined;
  };

  const moveWrites = (from, target) => {
    const to = resolve(String(target));
    const moved = files.get(from);
    if (moved === undefined || from === to) return;
    const there = files.get(to) ?? { writes: 0, bytes: 0 };
    files.set(to, { writes: there.writes + moved.writes, bytes: there.bytes + moved.bytes });
    files.delete(from);
  };

  return {
    counts,
    pathOf,
    called: (names) => {
      counts.calls += 1;
      for (const name of names) counts[name] += 1;
    },
    read: (bytes) => (counts.bytesRead += bytes),
    wrote: (path, bytes) => {
      counts.bytesWritten += bytes;
      const file = files.get(path) ?? { writes: 0, bytes: 0 };
      files.set(path, { writes: file.writes + 1, bytes: file.bytes + bytes });
    },
    named: moveWrites,
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
