/** Tokens of each answer, so that what a loop adds up can be foretold. */
export const tokensPerAnswer = Object.freeze({ input: 1000, cached: 200, output: 50 });
