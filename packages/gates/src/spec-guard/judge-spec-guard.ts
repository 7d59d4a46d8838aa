import type { Finding } from '../gate/finding.js';
import type { Change } from '../repository/change.js';
import { matchGlobs } from '../repository/match-globs.js';
import { showPath, showPaths } from '../repository/show-path.js';
import type { Spec } from './read-specs.js';
import type { SpecRules } from './spec-guard-settings.js';

/** Which of the changes matter. */
export interface SpecChanges {
  /** Paths of changed code, deleted one included. */
  readonly code: readonly string[];
  /** Paths of specs, and of the index, that are there and differ. */
  readonly specs: readonly string[];
  /** Paths of specs, and of the index, that were deleted. */
  readonly deletedSpecs: readonly string[];
}

/** @throws GateError `INVALID_OPTION` for a glob that is none */
export function sortChanges(changes: readonly Change[], rules: SpecRules): SpecChanges {
  const matchesSpec = matchGlobs(rules.specs);
  const isSpec = (path: string): boolean => path === rules.index || matchesSpec(path);
  const isCode = matchGlobs(rules.code);
  const specs = changes.filter(({ path }) => isSpec(path));
  const pathsOf = (some: readonly Change[]): readonly string[] => some.map(({ path }) => path);
  return {
    code: pathsOf(changes).filter((path) => !isSpec(path) && isCode(path)),
    specs: pathsOf(specs.filter(({ status }) => status !== 'deleted')),
    deletedSpecs: pathsOf(specs.filter(({ status }) => status === 'deleted')),
  };
}

/** Holds changes and specs against the rules. */
export function judgeSpecGuard(
  changes: SpecChanges,
  specs: readonly Spec[],
  rules: SpecRules,
): readonly Finding[] {
  return [...judgeChanges(changes, rules), ...specs.flatMap((spec) => judgeSpec(spec, rules))];
}

const mostNamed = 10;

function judgeChanges({ code, specs }: SpecChanges, rules: SpecRules): readonly Finding[] {
  const [first] = code;
  if (first === undefined || specs.length > 0) return [];
  const places = [...rules.specs.filter((glob) => !glob.startsWith('!')), rules.index];
  return [
    {
      rule: 'spec-missing',
      file: first,
      line: null,
      message: `code changed but no spec did: ${showPaths(code, mostNamed)}`,
      fix: `Say what changes in a spec or in the index: ${places.join(', ')}`,
    },
  ];
}

function judgeSpec({ path, review }: Spec, { maxAgeDays }: SpecRules): readonly Finding[] {
  const shown = showPath(path);
  switch (review.kind) {
    case 'missing':
      return [finding('spec-review-missing', path, 1, `${shown}: missing last_review`)];
    case 'invalid': {
      const text = JSON.stringify(review.text.slice(0, 80));
      const message = `${shown}: last_review ${text} is no date YYYY-MM-DD`;
      return [finding('spec-review-invalid', path, review.line, message)];
    }
    case 'date': {
      const { text, line, ageDays } = review;
      if (ageDays <= maxAgeDays) return [];
      const message = `${shown}: last_review ${text} is ${ageDays} days old (at most ${maxAgeDays})`;
      return [finding('spec-stale', path, line, message)];
    }
    case 'too-large':
      return [unread('document-too-large', path, `${shown}: not read, ${review.reason}`)];
    case 'unreadable':
      return [unread('spec-unreadable', path, `${shown}: cannot be read, ${review.reason}`)];
  }
}

function finding(rule: string, file: string, line: number, message: string): Finding {
  const fix = 'Review the spec, and write the day as `last_review: YYYY-MM-DD`';
  return { rule, file, line, message, fix };
}

function unread(rule: string, file: string, message: string): Finding {
  return { rule, file, line: null, message, fix: null };
}
