import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

import { startProcess } from '../src/start-process.mjs';

const program = fileURLToPath(new URL('../src/main.mjs', import.meta.url));

test('as a program it prints its address, answers, and ends when it is asked to', async () => {
  const argv = [process.execPath, program, 'serve', '--script', 'findings', '--fault', '500'];
  const server = startProcess(argv, { cwd: '/', env: process.env });
  await server.printed('\n');
  const url = `${server.stdout().trim()}/v1/responses`;
  expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(500);
  process.kill(server.pid, 'SIGTERM');
  expect(await server.ended).toStrictEqual({ exitCode: 0, signal: null });
});

test('without a command it says how it is called', async () => {
  const called = startProcess([process.execPath, program], { cwd: '/', env: process.env });
  expect((await called.ended).exitCode).toBe(2);
  expect(called.stderr()).toContain('wrong-then-right');
});
