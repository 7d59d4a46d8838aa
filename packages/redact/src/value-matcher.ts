import { commonClasses, singleByte } from './byte-class.js';
import { classRun, lateMatcher } from './matcher.js';
import type { Matcher, Verdict, Window } from './matcher.js';
import type { ValueForm } from './value-forms.js';

/** So much of a value is hidden when a stream ends within it: less would tell nothing. */
const minCutBytes = 3;

/** Finds one spelling of a known value, wherever it is. */
export function valueMatcher(form: ValueForm): Matcher {
  const start = Array.from(form.bytes.subarray(0, 2), singleByte);
  return lateMatcher(start, () => makeValueMatcher(form));
}

function makeValueMatcher({ bytes, rule, isBase64 }: ValueForm): Matcher {
  const run = isBase64 ? classRun('base64', commonClasses().base64) : undefined;

  function verify({ data }: Window, at: number): Verdict {
    const end = at + bytes.length;
    const stop = Math.min(end, data.length);
    for (let index = at; index < stop; index++) {
      if (data[index] !== bytes[index - at]) return 'no';
    }
    if (stop < end) return stop - at >= minCutBytes ? 'cut' : 'more';
    return { match: { rule, start: at, end, run } };
  }

  return { head: Array.from(bytes.subarray(0, 7), singleByte), verify };
}
