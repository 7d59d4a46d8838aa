/**
 * A file system that does what another does and counts.
 *
 * @param {import('@codex-orchestrator/core').FileSystem} fs
 */
export function countingFileSystem(fs) {
  const counts = { calls: 0, bytesRead: 0, bytesWritten: 0, renames: 0, syncs: 0 };
  const counting = Object.fromEntries(
    Object.entries(fs).map(([name, call]) => [
      name,
      (...args) => {
        counts.calls += 1;
        const result = call(...args);
        if (name === 'read') counts.bytesRead += result;
        if (name === 'write') counts.bytesWritten += result;
        if (name === 'rename') counts.renames += 1;
        if (name === 'fsync') counts.syncs += 1;
        return result;
      },
    ]),
  );
  return { fs: counting, counts };
}
