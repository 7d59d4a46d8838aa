import { renderExperience } from '../render/injection.js';

import type { Experience } from '../record/record.js';

/** How much of a prompt the lines of the chosen experiences may take. */
export interface SelectionBudget {
  /** As {@link estimateTokens} counts them. @default no limit */
  readonly maxTokens?: number | undefined;
  /** In UTF-8, with one newline per line. @default no limit */
  readonly maxBytes?: number | undefined;
}

export interface TextCost {
  readonly tokens: number;
  readonly bytes: number;
}

/**
 * About how many tokens a model takes for a text: its characters (UTF-16 units) divided by 4, rounded
 * up. Common for English; code and other scripts take more.
 */
export function estimateTokens(text: string): number {
  return Math.ceil(text.length / 4);
}

/** What an experience takes as a line that `renderExperience` writes, with its newline. */
export function costOf(experience: Experience): TextCost {
  const line = `${renderExperience(experience)}\n`;
  return { tokens: estimateTokens(line), bytes: Buffer.byteLength(line) };
}
