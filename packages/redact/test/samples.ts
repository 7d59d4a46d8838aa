import type { Redactor, RedactorOptions } from '../src/index.js';
import { createRedactor } from '../src/index.js';

/** Put together here, so that no scanner takes this file for a leak. */
export const value = ['s3kr1t', 'Valu3', '/+x=Q'].join('-');
export const periodic = 'abcabcabc';
export const quoteful = `it's "5$" \\ é`;
export const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'.repeat(4);
const dashes = '-'.repeat(5);
const start = { aws: 'AKIA', github: 'ghp_', openai: 'sk-', jwt: 'eyJ' };
export const pem = (kind = 'RSA PRIVATE KEY'): string =>
  [
    `${dashes}BEGIN ${kind}${dashes}`,
    letters.slice(0, 64),
    letters,
    `${dashes}END ${kind}${dashes}`,
  ].join('\n');

export const multiLine = ['first-line-of-it', 'xy', 'third-line-of-it'].join('\n');
export const shortLines = ['ab1', 'cd2', 'ef3'].join('\n');

export const options: RedactorOptions = {
  environment: {
    API_TOKEN: value,
    OTHER_SECRET: periodic,
    DB_PASSWORD: quoteful,
    PATH: '/usr/bin',
  },
  values: [multiLine, shortLines, `${value}-and-more`],
};

/** Texts with something to take out, each with what may be left of none of them. */
export const leaks: readonly (readonly [text: string, secret: string])[] = [
  [`before ${value} after\n`, value],
  [`${value}${value}`, value],
  [`${value}-and-more`, '-and-more'],
  [`x ${periodic}abc y`, 'abc'],
  [`name: ${quoteful}\n`, quoteful],
  [JSON.stringify({ text: `a ${quoteful} b` }), JSON.stringify(quoteful).slice(1, -1)],
  [`curl '${quoteful.replaceAll("'", "'\\''")}'`, 'it'],
  [`?q=${encodeURIComponent(value)}&r=1`, encodeURIComponent(value)],
  [`?q=${encodeURIComponent(value).replace(/%../g, (hex) => hex.toLowerCase())}&r=1`, 'Valu3'],
  [`one\n${multiLine}\ntwo`, 'line-of-it'],
  [`one\r\n${multiLine.replaceAll('\n', '\r\n')}\r\ntwo`, 'line-of-it'],
  [`one\n${shortLines}\ntwo`, shortLines],
  [`one\r\n${shortLines.replaceAll('\n', '\r\n')}\r\ntwo`, 'ef3'],
  ['password=hunter22 rest', 'hunter22'],
  ['PASSWORD : hunter22\nrest', 'hunter22'],
  ['token:\n  hunter22', 'hunter22'],
  ['{"api_key": "hunter 22", "x": 1}', 'hunter 22'],
  ['{"token":12345678,"x":1}', '12345678'],
  ['{\\"secret\\":\\"hunter\\\\\\"22\\",\\"x\\":1}', 'hunter'],
  ["password='it is hunter22' # why", 'hunter22'],
  ['api-key => "hunter22",', 'hunter22'],
  ['\x1b[34m"token"\x1b[0m\x1b[1m: \x1b[32m"hunter22"\x1b[0m', 'hunter22'],
  ['Authorization: Bearer hunter22 and on\nnext', 'hunter22'],
  ["-H 'authorization: Basic aHVudDpy' -v", 'aHVudDpy'],
  ['git clone https://me:hunt@r22@host.example/x.git', 'hunt@r22'],
  [`AccountKey=${letters.slice(0, 40)}==;EndpointSuffix=x`, letters.slice(0, 40)],
  [`id ${start.aws}${'ABCD'.repeat(4)} is`, 'ABCDABCD'],
  [`x=${start.github}${letters.slice(0, 36)}.`, letters.slice(0, 36)],
  [`\x1b[32m${start.openai}${letters.slice(0, 30)}\x1b[0m`, letters.slice(0, 30)],
  [
    `jwt ${start.jwt}hbGciOiJIUzI1NiJ9.${letters.slice(0, 20)}.${letters.slice(3, 20)} x`,
    letters.slice(3, 20),
  ],
  [`a\n${pem()}\nb`, letters.slice(0, 64)],
  [`SECRET="${pem('PRIVATE KEY')}"\nb`, letters.slice(0, 64)],
  [`secret=a${value} b`, value],
  [`token=token: ${value}`, value],
];

export function enforcing(more: RedactorOptions = {}): Redactor {
  return createRedactor({ ...options, ...more });
}

/** What a stream makes of the pieces, as latin1: one character for each byte. */
export function throughStream(redactor: Redactor, pieces: readonly Buffer[]): string {
  const stream = redactor.openStream();
  const output = pieces.map((piece) => stream.push(Buffer.from(piece)));
  return Buffer.concat([...output, stream.flush()]).toString('latin1');
}

export function cutAt(bytes: Buffer, ...cuts: readonly number[]): Buffer[] {
  const edges = [0, ...cuts, bytes.length];
  return edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
}
