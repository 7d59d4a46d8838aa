import type { ValueReader } from './assigned-value.js';
import { RedactingEngine } from './redacting-engine.js';
import type { RuleBook } from './rule-book.js';

/** Nothing that is shorter is a secret by any rule. */
const minTextLength = 6;
const scratchBytes = 8192;

/** Redacts whole texts. A text that holds nothing costs one pass and no memory. */
export function createTextRedactor(rules: RuleBook, values: ValueReader): (text: string) => string {
  const scratch = Buffer.alloc(scratchBytes);
  let matches = 0;
  const engine = new RedactingEngine(rules, values, () => {
    matches++;
  });

  return (text) => {
    if (text.length < minTextLength) return text;
    const bytes =
      text.length * 3 <= scratchBytes
        ? scratch.subarray(0, scratch.write(text))
        : Buffer.from(text);
    if (!rules.mayHold(bytes)) return text;
    matches = 0;
    const output = engine.process(bytes, 'end');
    return matches > 0 ? output.toString() : text;
  };
}
