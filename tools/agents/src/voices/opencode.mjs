const sessionID = 'ses_000000000000000000000000';

/** @returns {import('../voice.mjs').Voice} */
export function opencodeVoice() {
  let calls = 0;
  const say = (/** @type {string} */ type, /** @type {object} */ part) => ({
    ...{ type, timestamp: 0, sessionID },
    part: { sessionID, type: type.replace('_', '-'), ...part },
  });
  const call = (/** @type {string} */ tool, /** @type {object} */ state) =>
    say('tool_use', { type: 'tool', tool, callID: `call_${calls++}`, state });
  return {
    begin: () => [say('step_start', {})],
    say: (text) => [say('text', { text })],
    tool: ({ command, output, exitCode }) => [
      call('bash', {
        ...{ status: 'completed', input: { command }, output },
        metadata: { exit: exitCode },
      }),
    ],
    changed: (path) => [
      call('write', { status: 'completed', input: { filePath: path }, output: '', metadata: {} }),
    ],
    deny: (command) => [
      call('bash', {
        ...{ status: 'error', input: { command } },
        error: 'The user rejected permission to use this specific tool call.',
      }),
    ],
    wait: () => [],
    error: (message) => [fail(message)],
    end: ({ ok, usage: { input, cached, output, costUsd } }) =>
      ok
        ? [
            say('step_finish', {
              ...{ reason: 'stop', cost: costUsd },
              tokens: {
                input: input - cached,
                output,
                reasoning: 0,
                cache: { read: cached, write: 0 },
              },
            }),
          ]
        : [fail('The turn failed')],
  };
}

/** @param {string} message */
function fail(message) {
  return {
    ...{ type: 'error', timestamp: 0, sessionID },
    error: { name: 'UnknownError', data: { message } },
  };
}
