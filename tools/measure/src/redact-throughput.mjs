/**
 * What the filter for secrets costs: ordinary log text in chunks of 64 KiB with five known values, beside
 * the ways that come to mind first, and beside one copy of the bytes. Build first
 * (`npx nx build redact`), then `node tools/measure/src/redact-throughput.mjs [MiB]`.
 *
 * Figures are MB per second of this process's own CPU time, the best and the median of the rounds; the
 * rounds of all candidates take turns. The ratio is the median beside that of our filter.
 */
import { loadavg } from 'node:os';

import { createRedactor } from '@codex-orchestrator/redact';

const bytesPerRound = Number(process.argv[2] ?? 64) * 2 ** 20;
const rounds = 9;
const chunkBytes = 64 * 1024;
const environment = {
  A_TOKEN: 'Zk3kd9s-Qpw81',
  B_SECRET: 'Pq0dmx82jKdmwq21',
  C_PASSWORD: 'correct-horse-battery',
  D_API_KEY: '9f86d081884c7d659a2feaa0c55ad015',
  E_TOKEN: 'v1.Abcdefghijk0987',
};
const values = Object.values(environment);

const ordinary = createLog(() => '');
const dense = createLog((index) => (index % 10 === 0 ? ` token=${values[index % 5]}` : ''));
const redactor = createRedactor({ environment });
const stream = redactor.openStream();
const shadow = createRedactor({ environment, mode: 'shadow' }).openStream();
const expression = combinedExpression();
const target = Buffer.alloc(chunkBytes);

const candidates = {
  'our filter': () => stream.push(ordinary),
  'our filter, shadow': () => shadow.push(ordinary),
  'our filter, every 10th line a secret': () => stream.push(dense),
  'one regular expression on latin1 text': () => expression.exec(ordinary.latin1Slice()),
  'Buffer.indexOf for each of 5 values': () => values.map((value) => ordinary.indexOf(value)),
  'Buffer.indexOf for each of 45 starts': () => starts().map((each) => ordinary.indexOf(each)),
  'a copy of the bytes': () => ordinary.copy(target),
};

const rates = Object.fromEntries(Object.keys(candidates).map((name) => [name, []]));
for (let round = -2; round < rounds; round++) {
  for (const [name, run] of Object.entries(candidates)) {
    const rate = measure(run);
    if (round >= 0) rates[name].push(rate);
  }
}

console.log(`node ${process.version}, load ${loadavg()[0].toFixed(1)}, MB per second of CPU`);
console.log(row('', 'best', 'median', 'ratio'));
const ours = median(rates['our filter']);
for (const [name, each] of Object.entries(rates)) {
  const middle = median(each);
  console.log(
    row(name, Math.max(...each).toFixed(0), middle.toFixed(0), (middle / ours).toFixed(2)),
  );
}
reportTexts();

function measure(run) {
  const times = Math.ceil(bytesPerRound / chunkBytes);
  const start = process.cpuUsage();
  for (let count = 0; count < times; count++) run();
  const { user, system } = process.cpuUsage(start);
  return (times * chunkBytes) / (user + system);
}

function reportTexts() {
  const texts = [
    'succeeded',
    '/home/ci/build/out',
    '2026-01-01T00:00:00.000Z',
    'the password is set',
  ];
  const times = 200_000;
  const start = process.cpuUsage();
  for (let count = 0; count < times; count++) for (const text of texts) redactor.text(text);
  const { user, system } = process.cpuUsage(start);
  const nanoseconds = ((user + system) * 1000) / (times * texts.length);
  console.log(`text() of a short string that holds nothing: ${nanoseconds.toFixed(0)} ns`);
}

/** Lines like those of a build: times, paths, numbers, words, hexadecimal names. */
function createLog(addition) {
  let text = '';
  for (let index = 0; text.length < chunkBytes; index++) {
    const name = ((index * 2654435761) >>> 0).toString(16);
    text += `2026-01-01T00:00:${10 + (index % 50)}.123Z info  [worker-${index % 7}] Compiled src/components/part-${index}/index.tsx in ${index % 900} ms, 34 modules, to /home/ci/build/out/assets/chunk-${name}.js (ok)${addition(index)}\n`;
  }
  return Buffer.from(text.slice(0, chunkBytes));
}

function starts() {
  return `secret password api_key api-key apikey token Secret Password Token SECRET PASSWORD TOKEN API_KEY
    AKIA ASIA ghp_ gho_ ghu_ ghs_ ghr_ github_pat_ glpat- xoxb- xoxp- xapp- sk-ant- sk-proj- AIza sk_live_
    rk_live_ npm_ pypi- SG. hf_ dop_v1_ eyJ -----BEGIN :// SK dapi AccountKey AGE-SECRET-KEY shpat_ lin_api_ hvs.`
    .trim()
    .split(/\s+/);
}

function combinedExpression() {
  const literal = [...starts(), ...values].map((each) =>
    each.replace(/[.+*?^$(){}|[\]\\]/g, '\\$&'),
  );
  return new RegExp(literal.join('|'), 'i');
}

function row(title, ...cells) {
  return [title.padEnd(42), ...cells.map((cell) => cell.padStart(8))].join('');
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
