import { nodeFileSystem } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

/** The real file system, in which one file reads as if it held these bytes. */
export function withContent(path: string, content: Uint8Array): FileSystem {
  const overlaid = new Set<number>();
  return {
    ...nodeFileSystem,
    open(opened, flags, mode) {
      const fd = nodeFileSystem.open(opened, flags, mode);
      if (opened === path) overlaid.add(fd);
      return fd;
    },
    close(fd) {
      overlaid.delete(fd);
      nodeFileSystem.close(fd);
    },
    fstat(fd) {
      const stats = nodeFileSystem.fstat(fd);
      return overlaid.has(fd) ? Object.assign(stats, { size: content.byteLength }) : stats;
    },
    read(fd, view, position) {
      if (!overlaid.has(fd)) return nodeFileSystem.read(fd, view, position);
      const from = position ?? 0;
      const part = content.subarray(from, from + view.byteLength);
      view.set(part);
      return part.byteLength;
    },
  };
}

/** The real file system without its slowest call; what a crash of the process leaves is the same. */
export const unsyncedFileSystem: FileSystem = { ...nodeFileSystem, fsync: () => undefined };
