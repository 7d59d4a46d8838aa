import { emptiedTest, rightFix, wrongFix } from './broken-program.mjs';

/**
 * @typedef {object} Conversation What a request says, whatever its protocol.
 * @property {string} prompt All that the user said.
 * @property {string} role `planner`, `worker`, `critic` or `agent`, from the prompt as well.
 * @property {number} iteration From `ITERATION: n` in the prompt; 1 where there is none.
 * @property {number} toolResults How many calls of tools were answered so far.
 * @property {boolean} canRun Whether it offers a tool that runs shell commands.
 *
 * @typedef {{ say: string } | { run: string }} Step What the model does next: say its last word, or
 *   have a shell command run.
 *
 * @typedef {(conversation: Conversation) => readonly Step[]} Script The steps of one turn; the last one
 *   is repeated.
 */

/** @type {Readonly<Record<string, Script>>} */
const scripts = {
  'wrong-then-right': ({ iteration, role }) =>
    fixProgram(iteration === 1 ? wrongFix : rightFix, role),
  'right-fix': ({ role }) => fixProgram(rightFix, role),
  'says-done': () => [
    { run: 'cat sum.mjs' },
    { say: 'All done: the mistake is fixed and every test passes.' },
  ],
  'asks-a-person': () => [
    { run: 'cat sum.mjs' },
    {
      say: 'I need your decision before I can continue. Should sum() throw for numbers that are not finite, or return NaN? Please tell me which one you prefer.',
    },
  ],
  'is-blocked': () => [
    { run: 'cat sum.mjs' },
    { say: 'I cannot go on.\n\nblocked: Should sum() throw for numbers that are not finite?' },
  ],
  'endless-tools': () => [{ run: 'cat sum.mjs' }],
  findings: () => [
    { run: 'cat sum.mjs' },
    { say: `I found one hotspot.\n\n\`\`\`json\n${JSON.stringify(findings, null, 2)}\n\`\`\`` },
  ],
  'edits-the-tests': () => [
    { run: 'cat sum.test.mjs' },
    { run: writeFile('sum.test.mjs', emptiedTest) },
    { run: 'node --test' },
    { say: 'Done. All tests pass now.' },
  ],
};

/** What there is to choose from. */
export const scriptNames = Object.freeze(Object.keys(scripts));

/**
 * What the model does next: a pure function of the conversation.
 *
 * @param {string} script One of `scriptNames`.
 * @param {Conversation} conversation
 * @returns {Step}
 */
export function nextStep(script, conversation) {
  // Agents also ask for titles and summaries, without offering tools.
  if (!conversation.canRun) return { say: 'A small repair' };
  const steps = scripts[script](conversation);
  return steps[Math.min(conversation.toolResults, steps.length - 1)];
}

/**
 * @param {string} prompt
 * @returns {number}
 */
export function readIteration(prompt) {
  return Number(/ITERATION:\s*(\d+)/.exec(prompt)?.[1] ?? 1);
}

/**
 * @param {string} prompt
 * @returns {string}
 */
export function readRole(prompt) {
  return /You are the (planner|worker|critic)\b/.exec(prompt)?.[1] ?? 'agent';
}

/**
 * @param {string} content
 * @param {string} role
 * @returns {Step[]}
 */
function fixProgram(content, role) {
  const look = { run: 'cat sum.mjs sum.test.mjs' };
  if (role === 'planner')
    return [look, { say: 'Change the operator in sum.mjs, then run the test.' }];
  if (role === 'critic')
    return [look, { say: 'One line changed; whether it is right, the test says.' }];
  return [
    look,
    { run: writeFile('sum.mjs', content) },
    { say: 'I changed sum.mjs. Tests should pass now.\nSummary: changed the operator in sum.mjs' },
  ];
}

/**
 * @param {string} path
 * @param {string} content
 */
function writeFile(path, content) {
  return `cat > ${path} <<'END_OF_FILE'\n${content}END_OF_FILE`;
}

const findings = {
  version: 1,
  findings: [
    {
      id: 'sum-operator',
      title: 'sum takes a detour',
      hotspot: { file: 'sum.mjs', symbol: 'sum' },
      evidence: ['sum is called once for each row and takes 80 % of the samples'],
      candidate_fixes: [
        {
          title: 'Add the numbers directly',
          description: 'Replace the expression by one addition.',
          files: ['sum.mjs'],
          tests: ['node --test'],
        },
      ],
    },
  ],
};
