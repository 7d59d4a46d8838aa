/**
 * A stage that prints much: `node flood.mjs <kind> <megabytes>`. Starts with `BEGIN` and ends with
 * `END`, so that the ends of a log can be recognised.
 */
import { writeSync } from 'node:fs';

const megabyte = 1_000_000;
const [kind, megabytes] = process.argv.slice(2);

/** @type {Record<string, () => Buffer>} */
const kinds = {
  'one-line': () => Buffer.alloc(megabyte, 'x'),
  lines: () =>
    Buffer.from(
      `${'a line of some length, as builds print them by the thousand '.repeat(2).slice(0, 99)}\n`.repeat(
        10_000,
      ),
    ),
  'invalid-utf8': () =>
    Buffer.from(
      Uint8Array.from({ length: megabyte }, (_, index) =>
        index % 97 === 96 ? 10 : 128 + ((index * 31) % 128),
      ),
    ),
  'progress-bars': () => Buffer.from(`\r[${'#'.repeat(40)}${' '.repeat(40)}] 50% `.repeat(12_000)),
};

writeAll(Buffer.from('BEGIN\n'));
const chunk = kinds[kind]();
for (let written = 0; written < Number(megabytes) * megabyte; written += chunk.length)
  writeAll(chunk);
writeAll(Buffer.from('\nEND\n'));

/** @param {Buffer} bytes */
function writeAll(bytes) {
  for (let offset = 0; offset < bytes.length;) offset += writeSync(1, bytes, offset);
}
