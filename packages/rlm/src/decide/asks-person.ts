/**
 * The question that an agent waits with, or undefined. A line `blocked: <question>`, which prompts ask
 * for, says so itself. Without one it is taken for a question when the last sentence asks a person for
 * something and the turn changed nothing; as agents end many messages politely, a caller should only
 * believe that when it happens twice in a row.
 */
export function asksPerson(
  message: string | null,
  { changed }: { readonly changed: boolean },
): string | undefined {
  return blockedQuestion(message) ?? (changed ? undefined : impliedQuestion(message));
}

/** What stands behind the last `blocked:` that begins a line outside of blocks of code. */
export function blockedQuestion(message: string | null): string | undefined {
  const line = proseLines(message ?? '').findLast((text) => markedLine.test(text));
  const said = markedLine.exec(line ?? '')?.[1] ?? '';
  const question = said.trim().slice(0, maxQuestionCharacters).replace(/\*+$/, '').trim();
  const isEmpty = question === '' || noQuestion.test(question);
  return isEmpty ? undefined : question;
}

const maxQuestionCharacters = 500;
const markedLine = /^[\s>*#_-]{0,12}blocked[*_]{0,2}\s?:[*_]{0,2}(.*)$/i;
/** What is written where nothing is in the way, and what the prompt itself has there. */
const noQuestion =
  /^(?:none|no|nothing|n\/?a|not blocked|nobody|-+|false|<question>|<.{0,60}>)(?:[\s.!]*|\s+(?:at (?:this|the) (?:moment|time|point)|needed|required|blocking|is blocking).{0,40})$/i;

function impliedQuestion(message: string | null): string | undefined {
  const last = lastSentence(proseLines(message ?? ''));
  if (last === undefined || last.length > maxQuestionCharacters) return undefined;
  if (politeEnding.test(last)) return undefined;
  const asks = last.endsWith('?') ? addressesSomebody.test(last) : waitsForSomebody.test(last);
  return asks ? last : undefined;
}

/** An offer of more at the end of what is done. */
const politeEnding =
  /^(?:please )?(?:let me know|feel free|happy to|i(?:'d| would) be happy|if you (?:have|need|want|would like|'d like)|any (?:other |further |more )?questions|(?:is there )?anything else|need anything else)\b/i;

/** Questions that only a person can answer: about wishes, permission, or what only they have. */
const addressesSomebody =
  /\b(?:(?:should|shall|may|can|could|must) (?:i|we)\b|(?:do|would|could|can|will|did|have|are|were) you\b|you(?:'d| would) (?:like|prefer|rather)|what (?:would|should|do|is|are) (?:you|your|i)\b|which (?:one |option |approach |of (?:these|those|them) |version |way )?(?:do|would|should|shall) (?:you|i|we)\b|how (?:would|should|do) (?:you|i|we)\b|where (?:should|do|can) (?:i|you|we)\b|your (?:preference|decision|approval|permission|choice)|is (?:that|this|it) (?:ok|okay|alright|all right|acceptable|fine)\b|ok(?:ay)? to (?:proceed|continue)|(?:may|can|could) someone\b)/i;

/** The same without a question mark. */
const waitsForSomebody =
  /^(?:(?:so|then|for now),? )?(?:(?:please|kindly) (?:confirm|clarify|advise|provide|share|choose|decide|approve|grant|tell me|let me know (?:which|whether|how|what|if you want))|(?:i(?:'m| am) )?(?:waiting|awaiting) (?:for |on )?(?:your|the user|a (?:person|human|decision|reply|response)|confirmation|approval|input|further instructions)|i(?:'ll| will) wait (?:for|until) (?:you|your)|i (?:need|require) (?:your|you to|a human|a person|approval|permission|confirmation|clarification)|i (?:can(?:'|no)t|am unable to) (?:proceed|continue) (?:without|until) (?:you|your|a |approval|permission|confirmation|clarification))/i;

/** Sentences are told apart by their marks alone: enough for the last one. */
function lastSentence(lines: readonly string[]): string | undefined {
  // What prompts ask for at the end stands behind the question, if there is one.
  const spoken = lines.filter(
    (line) => line.trim() !== '' && !/^[\s*#_-]*summary[*_]*\s*:/i.test(line),
  );
  const line = spoken
    .at(-1)
    ?.replace(/[*_`]+/g, '')
    .trim();
  if (line === undefined || line === '') return undefined;
  const sentences = line.slice(-2000).split(/(?<=[.!?])\s+(?=[\p{Lu}"'(])/u);
  return sentences
    .at(-1)
    ?.replace(/^(?:[-•]|\d+[.)])\s+/, '')
    .replace(/’/g, "'");
}

/** Lines that are no block of code: what stands in one is no question to anybody. */
function proseLines(message: string): string[] {
  const lines: string[] = [];
  let fence: string | undefined;
  for (const line of message.split(/\r?\n/)) {
    const mark = /^\s{0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence === undefined && mark !== undefined) fence = mark;
    else if (fence !== undefined && mark?.startsWith(fence)) fence = undefined;
    else if (fence === undefined) lines.push(line);
  }
  return lines;
}
