/** Longer messages are read from their end. */
const maxCharacters = 1024 * 1024;

/**
 * The texts of a message that may be JSON, the likeliest first: blocks of code that are marked as JSON or
 * not at all, from the last one up, then the message as a whole.
 */
export function jsonBlocks(message: string): string[] {
  const text = message.slice(-maxCharacters);
  const blocks: string[] = [];
  let open:
    { readonly mark: string; readonly isJson: boolean; readonly lines: string[] } | undefined;
  for (const line of text.split(/\r?\n/)) {
    const fence = /^\s{0,12}(`{3,}|~{3,})\s*([^`]{0,40})$/.exec(line);
    if (open === undefined) {
      if (fence) open = { mark: fence[1] ?? '', isJson: isJson(fence[2] ?? ''), lines: [] };
    } else if (fence?.[1]?.startsWith(open.mark) && fence[2]?.trim() === '') {
      if (open.isJson) blocks.unshift(open.lines.join('\n'));
      open = undefined;
    } else open.lines.push(line);
  }
  return [...blocks, text].map((block) => block.trim()).filter((block) => /^[[{]/.test(block));
}

function isJson(language: string): boolean {
  return /^(?:jsonc?5?)?$/i.test(language.trim());
}
