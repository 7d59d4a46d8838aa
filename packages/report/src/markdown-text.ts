import { plainText } from './html/plain-text.js';

/** A sentence with parts from outside, so that markdown shows it as it is, also in a cell of a table. */
export function markdownText(text: string): string {
  return (
    plainText(text)
      .replace(/[\\`*[\]<>|~&#$]|(?<![a-z0-9])_|_(?![a-z0-9])|^[-+=]|(?<=^\d+)[.)]/gi, entity)
      // An address would become a link although nobody wrote one, and a name would be notified.
      .replace(/:(?=\/\/)|(?<=www)\.|@/gi, entity)
  );
}

/** A name from outside, shown as code; `(empty)` where nothing of it can be seen. */
export function markdownName(name: string): string {
  const plain = plainText(name);
  if (plain === '') return '(empty)';
  // No rule of escaping within code holds for all three of these and for all readers of markdown.
  if (!/[`|\\]/.test(plain)) return `\`${plain}\``;
  return `<code>${plain.replace(/[!-/:-@[-`{-~]/g, entity)}</code>`;
}

function entity(sign: string): string {
  return `&#${String(sign.charCodeAt(0))};`;
}
