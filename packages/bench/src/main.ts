import { runBench } from './run-bench.js';

// Dying of a signal would leave the processes of guards behind.
for (const [signal, exitCode] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(signal, () => {
    process.exit(exitCode);
  });
}
process.exitCode = await runBench(process.argv.slice(2));
