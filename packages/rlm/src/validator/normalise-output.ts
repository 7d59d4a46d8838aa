import { plainText } from './plain-text.js';

/** Longer lines are cut: what tells two failures apart stands before. */
const maxLineCharacters = 2000;

/**
 * The lines of an output without what changes from run to run by itself: times, durations, process ids,
 * addresses, UUIDs, temp folders, ports, seeds, progress, colours, memory in use, and the folders given,
 * each as a placeholder. Everything else stays, as test names, counts and `file:line`. Empty lines are
 * left out, and white space counts as one space.
 */
export function normaliseOutput(text: string, folders: readonly string[] = []): readonly string[] {
  const plain = withoutFolders(plainText(text), folders);
  return plain
    .split('\n')
    .map((line) => normaliseLine(line.slice(0, maxLineCharacters * 2)))
    .filter((line) => line !== '')
    .map((line) => line.slice(0, maxLineCharacters));
}

/** The longest first: one folder may lie in another. */
function withoutFolders(text: string, folders: readonly string[]): string {
  return [...new Set(folders)]
    .filter((folder) => folder.length > 1)
    .sort((one, other) => other.length - one.length)
    .reduce((rest, folder) => rest.replaceAll(folder, '<root>'), text);
}

function normaliseLine(line: string): string {
  let normal = line.replace(/\s+/g, ' ').trim();
  for (const [pattern, placeholder] of patterns) normal = normal.replace(pattern, placeholder);
  return normal.trim();
}

const clock = String.raw`\d{1,2}:\d{2}:\d{2}(?:[.,]\d+)?`;
const unit = String.raw`(?:ns|[µμu]s|ms|msecs?|s|secs?|seconds?|mins?|minutes?|hours?|hrs?)`;
const number = String.raw`\d[\d,]*(?:\.\d+)?`;
/** `12ms`, `1.3 s`, `2m 3.5s`, `1h2m3s`, `3 minutes`; not `3 specs`. */
const duration = String.raw`(?:\d+\s?h\s?)?(?:\d+\s?m\s?)?${number}\s?${unit}(?![\w-])`;

/**
 * In order: what is longer and more certain comes first. Each is linear in the length of a line, since
 * an agent decides what is printed.
 */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<uuid>'],
  [
    /\b\d{4}-\d{2}-\d{2}[T _]\d{2}[:_-]\d{2}(?:[:_-]\d{2}(?:[.,_]\d+)?)?(?:Z|\s?[+-]\d{2}:?\d{2}\b)?/g,
    '<time>',
  ],
  [new RegExp(String.raw`\b\d{4}/\d{2}/\d{2} ${clock}`, 'g'), '<time>'],
  [
    /\b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? )?(?:\d{1,2}[ /])?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*[ /](?:\d{1,2},? )?(?:\d{4}[ :])?\d{1,2}:\d{2}:\d{2}(?: [AP]M)?(?: [A-Z]{3,4}\b| [+-]\d{4})?(?: \d{4}\b)?/g,
    '<time>',
  ],
  [new RegExp(String.raw`(?<![\w.:/])${clock}(?:\s?[AP]M)?(?![\w:])`, 'gi'), '<time>'],
  [/(?<![\w.:/])\d{1,2}:\d{2}(?:\.\d+|\s?[AP]M)(?![\w:])/gi, '<time>'],
  [/(?<![\w.])1[5-9]\d{11}(?![\w.])|(?<![\w.])1[5-9]\d{8}\.\d+(?![\w.])/g, '<time>'],

  // How long a test took is printed by some runners only where it took long.
  [new RegExp(String.raw`\s+\(${duration}\)\s*$`), ''],
  [new RegExp(String.raw`^(\s*[✓✔√×✗✘✕❯⎯▶].*?\S)\s+${duration}\s*$`), '$1'],
  [new RegExp(String.raw`,? estimated ${duration}`), ''],
  [
    new RegExp(
      String.raw`\b((?:duration|elapsed|took|time)(?:_(?:ms|s|ns|secs?|seconds)["']?\s?[:=]?|["']?\s?[:=])\s?)${number}(?:\s?${unit})?(?![\w:])`,
      'gi',
    ),
    '$1<duration>',
  ],
  [/\(cached\)/g, '<duration>'],
  [new RegExp(String.raw`(?<![\w.,-])${duration}`, 'g'), '<duration>'],

  [/\b((?:p|t|pp)id|(?:process|thread) id)\b(["']?\s?[:=#]?\s?)\d+\b/gi, '$1$2<pid>'],
  [/\b(process )\d{3,}\b/gi, '$1<pid>'],
  [/\((node|bun|deno):\d+\)/g, '($1:<pid>)'],
  [/\bthread ('[^']{0,200}') \(\d+\)/g, 'thread $1 (<pid>)'],
  [/==\d+==/g, '==<pid>=='],
  [/\[gw\d+\]/g, '[gw]'],
  [/\b0x[0-9a-f]{6,}\b/gi, '<address>'],

  [/(?:\/private)?\/var\/folders\/[^/\s]+\/[^/\s]+\/T\/[^/\s'"`:;,)\]}]+/g, '<temp>'],
  [/(?<![\w.>-])(?:\/private)?(?:\/var)?\/tmp\/[^/\s'"`:;,)\]}]+/g, '<temp>'],
  [/[A-Za-z]:\\[^\s'"]{0,200}?\\Temp\\[^\\\s'"`:;,)\]}]+/g, '<temp>'],
  [/\bpytest-\d+\b/g, 'pytest-<n>'],

  [/(\blocalhost|\b127\.0\.0\.1|\b0\.0\.0\.0|\[?::1?\]?):\d{2,5}\b/g, '$1:<port>'],
  [/\b(ports?)\b(["']?\s*[:=]?\s*)\d{2,5}\b/gi, '$1$2<port>'],
  [
    /\b((?:random[-_ ]?|randomly[-_ ]?|shuffle[-_ ]?)?seed|pythonhashseed|shuffle)\b(["']?\s*(?:[:=]|\bis\b|\bof\b)?\s*["']?)-?(?:0x[0-9a-f]+|\d+)\b/gi,
    '$1$2<seed>',
  ],
  [/(\bseed\b.{0,40}\bpath: )"[\d:]+"/gi, '$1<path>'],

  [/\[\s*\d{1,3}(?:\.\d+)?\s?%\s*\]/g, '[<progress>]'],
  [/[[|]?[#=>█▓▒░━╸.\- ]{4,120}[\]|]?\s*\d{1,3}(?:\.\d+)?\s?%/g, '<progress>'],
  [/^\s*\d{1,3}(?:\.\d+)?\s?%(?=\s*(?:$|[[|█━#=]))/g, '<progress>'],
  [
    /\b(memory|heap|rss|maxrss)\b([^\d\n]{0,20})\d+(?:[.,]\d+)?\s?(?:[KMG]i?B|[kmg]b?)\b/gi,
    '$1$2<size>',
  ],
  [/\b\d+(?:[.,]\d+)?\s?(?:[KMG]i?B)(?= (?:heap|memory|rss)\b)/gi, '<size>'],
];
