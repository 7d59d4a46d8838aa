import { expect, test } from 'vitest';

import { scriptNames } from '../src/answers.mjs';
import { rightFix } from '../src/broken-program.mjs';
import { startModelServer } from '../src/model-server.mjs';

type Options = Parameters<typeof startModelServer>[0];

async function openServer(options: Options) {
  const server = await startModelServer(options);
  return { ...server, [Symbol.asyncDispose]: server.close };
}

function post(url: string, body: unknown): Promise<Response> {
  return fetch(url, { method: 'POST', body: JSON.stringify(body) });
}

function askResponses(url: string, toolResults: number, prompt = 'ITERATION: 1') {
  const results = Array.from({ length: toolResults }, (_, index) => ({
    type: 'function_call_output',
    call_id: `call_${index}`,
    output: 'done',
  }));
  const user = { type: 'message', role: 'user', content: [{ type: 'input_text', text: prompt }] };
  const tools = [{ type: 'function', name: 'exec_command' }];
  return post(`${url}/v1/responses`, { stream: true, tools, input: [user, ...results] });
}

function askMessages(url: string, toolResults: number, prompt = 'ITERATION: 1') {
  const results = Array.from({ length: toolResults }, (_, index) => ({
    role: 'user',
    content: [{ type: 'tool_result', tool_use_id: `toolu_${index}`, content: 'done' }],
  }));
  const messages = [{ role: 'user', content: prompt }, ...results];
  return post(`${url}/v1/messages?beta=true`, {
    stream: true,
    tools: [{ name: 'Bash' }],
    messages,
  });
}

function readEvents(text: string): Record<string, unknown>[] {
  return [...text.matchAll(/^data: (.*)$/gm)].map(
    ([, json = '']) => JSON.parse(json) as Record<string, unknown>,
  );
}

test('a turn in the Responses API: calls of a tool, then the last word with what it took', async () => {
  await using server = await openServer({ script: 'right-fix' });
  const call = readEvents(await (await askResponses(server.url, 1)).text());
  expect(call.map(({ type }) => type)).toStrictEqual([
    'response.created',
    'response.output_item.added',
    'response.output_item.done',
    'response.completed',
  ]);
  const { item } = call[2] as { item: { name: string; arguments: string } };
  expect(item.name).toBe('exec_command');
  expect((JSON.parse(item.arguments) as { cmd: string }).cmd).toContain(rightFix);

  const word = readEvents(await (await askResponses(server.url, 2)).text());
  expect(word.map(({ type }) => type)).toContain('response.output_text.delta');
  expect(word.at(-1)).toMatchObject({
    type: 'response.completed',
    response: { usage: { input_tokens: 1000, output_tokens: 50 } },
  });
});

test('a turn in the Messages API', async () => {
  await using server = await openServer({ script: 'right-fix' });
  const call = readEvents(await (await askMessages(server.url, 1)).text());
  expect(call.map(({ type }) => type)).toStrictEqual([
    'message_start',
    'content_block_start',
    'content_block_delta',
    'content_block_stop',
    'message_delta',
    'message_stop',
  ]);
  expect(call[1]).toMatchObject({ content_block: { type: 'tool_use', name: 'Bash' } });
  expect(JSON.stringify(call[2])).toContain('a + b');
  expect(call[4]).toMatchObject({ delta: { stop_reason: 'tool_use' } });

  const word = readEvents(await (await askMessages(server.url, 2)).text());
  expect(word[4]).toMatchObject({ delta: { stop_reason: 'end_turn' } });
});

test.each([
  ['Responses', askResponses],
  ['Messages', askMessages],
] as const)('the fix is wrong in iteration 1 alone (%s)', async (_, ask) => {
  await using server = await openServer({ script: 'wrong-then-right' });
  const fixes = await Promise.all(
    [1, 2, 7].map(async (n) => (await ask(server.url, 1, `Goal.\nITERATION: ${n}\n`)).text()),
  );
  expect(fixes.map((text) => text.includes('a * b'))).toStrictEqual([true, false, false]);
  expect(fixes.map((text) => text.includes('a + b'))).toStrictEqual([false, true, true]);
});

test('planners and critics are given words, workers the fix', async () => {
  await using server = await openServer({ script: 'right-fix' });
  const roles = ['planner', 'worker', 'critic'];
  const ends = roles.map(async (role) => {
    const answer = await askMessages(server.url, 1, `ITERATION: 1\nYou are the ${role} of it.`);
    return (await answer.text()).includes('end_turn');
  });
  expect(await Promise.all(ends)).toStrictEqual([true, false, true]);
});

test.each(scriptNames)('script %s: the same request has the same answer', async (script) => {
  await using server = await openServer({ script });
  for (const ask of [askResponses, askMessages]) {
    for (const toolResults of [0, 1, 5]) {
      const [once, again] = [
        await ask(server.url, toolResults),
        await ask(server.url, toolResults),
      ];
      expect(await once.text()).toBe(await again.text());
    }
  }
});

test('endless-tools never says a last word, and every other script does', async () => {
  const reasons = await Promise.all(
    scriptNames.map(async (script) => {
      await using server = await openServer({ script });
      return [script, (await (await askMessages(server.url, 99)).text()).includes('end_turn')];
    }),
  );
  expect(reasons.filter(([, ends]) => ends === false)).toStrictEqual([['endless-tools', false]]);
});

test('a request without tools, such as one for a title, is answered with words', async () => {
  await using server = await openServer({ script: 'endless-tools' });
  const messages = [{ role: 'user', content: 'A title, please' }];
  const answer = await post(`${server.url}/v1/messages`, { messages, tools: [] });
  expect(await answer.text()).toContain('text_delta');
});

test('faults by switch: 500 and 429 with how long to wait', async () => {
  await using failing = await openServer({ script: 'right-fix', fault: '500' });
  expect((await askResponses(failing.url, 0)).status).toBe(500);
  await using limiting = await openServer({ script: 'right-fix', fault: '429' });
  const answer = await askMessages(limiting.url, 0);
  expect([answer.status, answer.headers.get('retry-after')]).toStrictEqual([429, '1']);
  expect(await answer.json()).toMatchObject({ type: 'error', error: { type: 'rate_limit_error' } });
});

test.each([
  ['Responses', askResponses],
  ['Messages', askMessages],
] as const)('a stream that is cut ends inside of an event (%s)', async (_, ask) => {
  await using server = await openServer({ script: 'right-fix', fault: 'cut-stream' });
  const answer = await ask(server.url, 0);
  let text = '';
  const readAll = async (): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const piece of answer.body ?? []) text += decoder.decode(piece as Uint8Array);
  };
  await expect(readAll()).rejects.toThrow('terminated');
  expect(text).toContain('data: ');
  expect(text.endsWith('\n\n')).toBe(false);
});

test('a server that hangs takes the request and answers nothing, until it is closed', async () => {
  await using server = await openServer({ script: 'right-fix', fault: 'hang', faultAfter: 1 });
  expect((await askResponses(server.url, 0)).status).toBe(200);
  const unanswered = askResponses(server.url, 1);
  const outcome = unanswered.then(
    () => 'answered',
    () => 'cut off',
  );
  while (server.requests.length < 2) await new Promise((resolve) => setImmediate(resolve));
  await server.close();
  expect(await outcome).toBe('cut off');
});

test('it keeps what it was asked, and says no to everything else', async () => {
  await using server = await openServer({ script: 'right-fix' });
  await askResponses(server.url, 2, 'ITERATION: 3');
  expect((await fetch(`${server.url}/v1/models`)).status).toBe(404);
  expect((await fetch(`${server.url}/v1/responses`, { method: 'POST', body: '{' })).status).toBe(
    400,
  );
  expect(server.requests).toStrictEqual([{ path: '/v1/responses', toolResults: 2, iteration: 3 }]);
  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
});

test('it closes by itself when its life is over', async () => {
  await using server = await openServer({ script: 'right-fix', fault: 'hang', maxLifeMs: 50 });
  await expect(askResponses(server.url, 0)).rejects.toThrow('fetch failed');
});

test('a script or a fault that does not exist is refused by name', async () => {
  await expect(startModelServer({ script: 'none' })).rejects.toThrow('There is no script "none"');
  const fault = 'flood' as Parameters<typeof startModelServer>[0]['fault'] & string;
  await expect(startModelServer({ script: 'findings', fault })).rejects.toThrow(
    'There is no fault',
  );
});
