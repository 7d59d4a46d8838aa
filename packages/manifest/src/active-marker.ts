import { codeOf, resolveInside, withFile } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import type { RunLayout } from './run-layout.js';

/** What `markActive` made. */
export interface ActiveMark {
  /** False where the marker was there already and belongs to somebody else. */
  readonly madeMarker: boolean;
  readonly madeFolder: boolean;
}

/**
 * Leaves a sign that a run is not sealed, so that dead runs are found without reading history. The
 * folder stays for the next run: usually this is one file opened and closed. After a failure there is
 * no sign.
 *
 * @throws CoreError `PATH_ESCAPES_ROOT`, and the errors of the file system.
 */
export function markActive(layout: RunLayout, fs: FileSystem): ActiveMark {
  resolveInside(layout.runsDir, layout.activeDir, { fs });
  let madeFolder = false;
  try {
    for (let triesLeft = 3; ; triesLeft -= 1) {
      const made = makeMarker(layout, fs);
      if (made !== 'no-folder') return { madeMarker: made === 'made', madeFolder };
      // A second time: somebody whose run could not be opened has taken the folder away again.
      if (triesLeft === 0) throw new Error(`"${layout.activeDir}" is not there to stay`);
      madeFolder = makeFolder(layout.activeDir, fs);
    }
  } catch (error) {
    unmarkActive(layout, fs);
    if (madeFolder) removeFolder(layout.activeDir, fs);
    throw error;
  }
}

/** Never throws: a marker that stays leads to a run that says itself that it is sealed. */
export function unmarkActive(layout: RunLayout, fs: FileSystem): void {
  try {
    fs.unlink(layout.activeMarkerPath);
  } catch {
    // Records of earlier versions have none.
  }
}

/** Takes away an empty folder of markers; one that others use refuses to go. */
export function removeFolder(path: string, fs: FileSystem): void {
  try {
    fs.rmdir(path);
  } catch {
    // It holds no run.
  }
}

function makeMarker(
  { activeMarkerPath }: RunLayout,
  fs: FileSystem,
): 'made' | 'there' | 'no-folder' {
  try {
    withFile(fs, { path: activeMarkerPath, flags: 'wx' }, () => undefined);
    return 'made';
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return 'there';
    if (codeOf(error) === 'ENOENT') return 'no-folder';
    throw error;
  }
}

function makeFolder(path: string, fs: FileSystem): boolean {
  try {
    fs.mkdir(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}
