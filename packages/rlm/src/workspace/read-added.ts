export interface AddedReader {
  readonly push: (bytes: Buffer) => void;
  /** Whether git named anything that it changed in the index. */
  readonly hasOutput: () => boolean;
  /** Whether it named a folder: only a repository within the repository is added as one. */
  readonly hasFolder: () => boolean;
}

/** Reads what `git add -v` prints, without keeping it: lines such as `add 'a/b'`, folders with a `/` at their end. */
export function readAdded(): AddedReader {
  let end = '';
  let output = false;
  let folder = false;
  return {
    push(bytes) {
      output ||= bytes.byteLength > 0;
      // A line can be cut anywhere between two pieces.
      const text = end + bytes.toString('latin1');
      folder ||= text.includes("/'\n");
      end = text.slice(-2);
    },
    hasOutput: () => output,
    hasFolder: () => folder,
  };
}
