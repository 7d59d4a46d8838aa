/**
 * The server of canned answers for people: `node tools/agents/src/main.mjs serve --help`.
 */
import { parseArgs } from 'node:util';

import { scriptNames } from './answers.mjs';
import { faultNames, startModelServer } from './model-server.mjs';

const help = `Usage: node tools/agents/src/main.mjs serve [options]

Answers agents in place of the service of their model, on 127.0.0.1 only, and prints its address.
Speaks OpenAI Responses (POST /v1/responses) and Anthropic Messages (POST /v1/messages).

  --script <name>      ${scriptNames.join(', ')} (default: wrong-then-right)
  --fault <name>       ${faultNames.join(', ')} (default: none)
  --fault-after <n>    strikes only after n results of tools (default: 0)
  --port <n>           (default: any free one)
  --max-minutes <n>    closes by itself after that (default: 60)

How to lead an agent there: surroundCodex and surroundClaude in agent-surroundings.mjs.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    script: { type: 'string', default: 'wrong-then-right' },
    fault: { type: 'string', default: 'none' },
    'fault-after': { type: 'string', default: '0' },
    port: { type: 'string', default: '0' },
    'max-minutes': { type: 'string', default: '60' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(help);
} else if (positionals.join(' ') === 'serve') {
  await serve();
} else {
  console.error(help);
  process.exitCode = 2;
}

async function serve() {
  const server = await startModelServer({
    script: values.script,
    fault: /** @type {any} */ (values.fault),
    faultAfter: Number(values['fault-after']),
    port: Number(values.port),
    maxLifeMs: Number(values['max-minutes']) * 60_000,
  });
  console.log(server.url);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, server.close);
}
