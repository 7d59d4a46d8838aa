/** Takes what comes in pieces apart at each NUL. Memory is bounded by the longest record. */
export function readRecords(onRecord: (record: string) => void): {
  readonly push: (bytes: Buffer) => void;
  /** What followed the last NUL. */
  readonly rest: () => string;
} {
  let pieces: Buffer[] = [];
  return {
    push(bytes) {
      let start = 0;
      for (let end = bytes.indexOf(0); end !== -1; end = bytes.indexOf(0, start)) {
        onRecord(Buffer.concat([...pieces, bytes.subarray(start, end)]).toString('utf8'));
        pieces = [];
        start = end + 1;
      }
      if (start < bytes.byteLength) pieces.push(bytes.subarray(start));
    },
    rest: () => Buffer.concat(pieces).toString('utf8'),
  };
}
