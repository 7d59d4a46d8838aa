import { countWords } from './words.js';

/** A kind of text that stages print and that teaches nothing. */
export type BoilerplateKind =
  | 'acknowledgement'
  | 'bare-value'
  | 'exit-status'
  | 'heartbeat'
  | 'machine-output'
  | 'progress'
  | 'prompt'
  | 'tool-noise'
  | 'wrapper';

interface Shape {
  readonly kind: BoilerplateKind;
  /** Of a whole part of a text: a lesson may speak of a heartbeat or of an exit code. */
  readonly matches: (part: string) => boolean;
}

/** Longer parts are no status lines; it bounds what the patterns for those can take. */
const MAX_STATUS_CHARACTERS = 120;

const shape = (kind: BoilerplateKind, pattern: RegExp): Shape => ({
  kind,
  matches: (part) => pattern.test(part),
});
const status = (kind: BoilerplateKind, pattern: RegExp): Shape => ({
  kind,
  matches: (part) => part.length <= MAX_STATUS_CHARACTERS && pattern.test(part),
});

const BAR = /\[[=#>\-. ]{5,}\]|[=#]{5,}>?|[█▓▒░▏▎▍▌▋▊▉━╸╺▰▱■□⣾⣽⣻⢿⡿⣟⣯⣷⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]+/gu;
const PERCENT = /\d{1,3}(?:\.\d+)?\s?%/gu;

/** What a test runner's summary is made of, besides numbers. */
const SUMMARY_WORDS =
  'passed|failed|skipped|todo|total|transform|setup|import|collect|tests|environment|prepare|typecheck|estimated|obsolete|written|updated|min|m?s';

const SHAPES: readonly Shape[] = [
  status(
    'heartbeat',
    /^(?:\[?[\d:.TZ+ -]*\]?\s*)?(?:heart ?beat|keep-?alive|ping|pong|tick|alive)(?:\s+(?:ok|sent|received|alive))?[\s\d#:.,()TZ+-]*(?:m?s|sec(?:onds)?|min(?:utes)?)?[).\s]*$/iu,
  ),
  status(
    'heartbeat',
    /^(?:still|currently)?\s*(?:running|working|waiting|alive|thinking|processing|loading|in progress|idle)(?:\s+on it)?[\s.…]*(?:[([]?\s*(?:(?:elapsed|after|for|since)[\s:]*)?[\d:.]+\s?[a-z]*(?:\s+elapsed)?\s*[)\]]?)?[\s.…]*$/iu,
  ),
  status(
    'exit-status',
    /^(?:the\s+)?(?:command|process|stage|script|task|step|job)?\s*(?:[`'"][^`'"]*[`'"]\s*)?(?:completed|exited|finished|failed|ended|terminated)\s+(?:with|by)\s+(?:exit\s+)?(?:code|status|signal)\s*:?\s*[\w-]+[.!]?$/iu,
  ),
  status('exit-status', /^(?:exit\s+)?(?:code|status)\s*[:=]?\s*-?\d+[.!]?$/iu),
  status(
    'acknowledgement',
    /^(?:(?:ok|okay|yes|no|done|success|successful|succeeded|passed|failed|finished|completed?|ready|lgtm|hello|hi|hello world|thanks?|thank you|all good|looks good|great|perfect|nothing to (?:do|report|commit)|no (?:issues|errors|problems|changes|output)(?: found)?|all (?:tests|checks) (?:are )?(?:passed|passing|pass|green)|(?:the )?(?:task|work|job|run|build) (?:is |was |has been )?(?:now )?(?:done|complete|completed|finished|succeeded|successful)(?: successfully)?|everything (?:works|passed|is fine))[\s.!,;:👍✅✓]*)+$/iu,
  ),
  { kind: 'progress', matches: isProgress },
  shape('wrapper', /^runtime fallback\b/iu),
  shape(
    'wrapper',
    /^\S+ pipeline (?:succeeded|failed|completed|finished)\b(?!,| (?:when|because))/iu,
  ),
  status(
    'wrapper',
    /^(?:run|stage|step|pipeline|task|manifest|runner|log)(?: (?:log|id|started|queued|created))?\s*[:=]\s*\S*$/iu,
  ),
  shape(
    'prompt',
    /^(?:you are (?:an?|the|now)\s|your (?:task|job|goal|role) is\s|(?:system|user) prompt\b|#+\s*(?:instructions?|task|role|system)\b|(?:respond|answer) (?:only )?(?:with|in)\s)/iu,
  ),
  status(
    'tool-noise',
    /^(?:(?:added|removed|changed|audited|up to date)\b.*\bpackages?\b.*|\d+ packages? are looking for funding.*|found \d+ vulnerabilities|> \S+@\S+ \S+|[✓✔✗✘×√]\s\S+.*\(?\d(?:\.\d+)?\s?(?:m?s|tests?)\)?)$/iu,
  ),
  status(
    'tool-noise',
    new RegExp(
      `^(?:tests?|test files|test suites|snapshots|duration|start at|time)\\s*:?\\s*\\d(?:[\\s\\d.,:|()]|${SUMMARY_WORDS})*$`,
      'iu',
    ),
  ),
  shape('tool-noise', /^npm (?:warn|notice|info|verb)\b/iu),
  { kind: 'machine-output', matches: isMachineOutput },
  { kind: 'bare-value', matches: (part) => countWords(part) < 2 && !/\p{L}{3}/u.test(part) },
  shape('bare-value', /^(?:[0-9a-f]{7,64}|[\w.@-]*[/\\][\w.@/\\-]+|https?:\/\/\S+)$/iu),
];

/** A text of several stages has one part per line, or between bars with space on both sides. */
const PARTS = /\n+|\s\|\s/u;

/** What kind of boilerplate a text is through and through, or undefined. Blank text is none. */
export function boilerplateOf(text: string): BoilerplateKind | undefined {
  let first: BoilerplateKind | undefined;
  for (const part of partsOf(text)) {
    const kind = kindOf(part);
    if (kind === undefined) return undefined;
    first ??= kind;
  }
  return first;
}

/**
 * A text without its parts that are boilerplate: what is worth the few words of a summary. Parts are its
 * lines, and what stands between bars with space on both sides; they are joined as they were.
 */
export function withoutBoilerplate(text: string): string {
  return text
    .split('\n')
    .map((line) =>
      line
        .split(/\s\|\s/u)
        .filter((part) => part.trim() !== '' && kindOf(part.trim()) === undefined)
        .join(' | '),
    )
    .filter((line) => line.trim() !== '')
    .join('\n')
    .trim();
}

function partsOf(text: string): string[] {
  return text
    .split(PARTS)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function kindOf(part: string): BoilerplateKind | undefined {
  return SHAPES.find(({ matches }) => matches(part))?.kind;
}

/** A bar or a spinner, or a share of the way: with hardly a word beside it. */
function isProgress(part: string): boolean {
  const rest = part.replace(BAR, ' ').replace(PERCENT, ' ');
  if (rest === part)
    return /^\S+ing\b[^.]{0,40}\b\d+\s*(?:\/|of)\s*\d+\S*\s*\w*[.…]*$/iu.test(part);
  return countWords(rest) < (/\p{L}{3,}ing\b/iu.test(rest) ? 5 : 3);
}

/** JSON, or a line of a log: a time or a level in front, and no more than a few words. */
function isMachineOutput(part: string): boolean {
  if (/^(?:\{\s*["}]|\[\s*[[{"\]])/u.test(part) && /[\]}]$/u.test(part)) return true;
  const log = /^\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d[\d:.,]*(?:Z|[+-]\d\d:?\d\d)?\]?\s*(.*)$/u.exec(
    part,
  );
  return log !== null && countWords(log[1] ?? '') < 6;
}
