import { createValueReader } from './assigned-value.js';
import { redactJson } from './json-copy.js';
import { collectSecretValues } from './known-values.js';
import type { PrivacyMode } from './privacy-mode.js';
import { RuleRedactingStream } from './redacting-stream.js';
import type { RedactingStream } from './redacting-stream.js';
import { createRuleBook } from './rule-book.js';
import { createTextRedactor } from './text-redactor.js';
import { valueForms } from './value-forms.js';

export interface RedactorOptions {
  /** @default 'enforce' */
  readonly mode?: PrivacyMode;
  /**
   * The values of secret-named variables become known values, and so do the passwords in URLs.
   * @default none
   */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Further known values. @default none */
  readonly values?: readonly string[];
}

export interface Redactor {
  readonly mode: PrivacyMode;
  /**
   * A filter for one stream: an `OutputFilter` of exec. Each stream needs its own. With the one that
   * stands beside it, as stderr beside stdout, a keyword in one and its value in the other are found.
   */
  openStream(beside?: RedactingStream): RedactingStream;
  /** A whole text without its secrets; the same string where there are none, and in shadow mode. */
  text(value: string): string;
  /**
   * A JSON value without secrets in any of its strings, keys included; a string under a secret name is
   * one. The same reference where there are none, and in shadow mode.
   */
  json<T>(value: T): T;
}

/** Makes a redactor: its tables cost some milliseconds, so a process makes one and not one per run. */
export function createRedactor({
  mode = 'enforce',
  environment = {},
  values = [],
}: RedactorOptions = {}): Redactor {
  const rules = createRuleBook(valueForms(collectSecretValues(environment, values)));
  const valueReader = createValueReader();
  const text = createTextRedactor(rules, valueReader);
  const isShadow = mode === 'shadow';
  return {
    mode,
    openStream: (beside) => {
      const stream = new RuleRedactingStream(rules, valueReader, mode);
      if (beside instanceof RuleRedactingStream) stream.standBeside(beside);
      return stream;
    },
    text: (value) => (isShadow ? value : text(value)),
    json: (value) => (isShadow ? value : redactJson(value, text)),
  };
}
