import { EntryReader } from '../src/scan/entry-reader.js';

/** A reader that is past its first lines, which it parses: from here on it scans. */
export function practisedReader(): EntryReader {
  const reader = new EntryReader();
  const line = Buffer.from('{"run_id":"practice","status":"s","recorded_at":"t"}');
  for (let count = 0; count < 100; count += 1) reader.read(line, 0, line.byteLength);
  return reader;
}
