/** The program of a thread: `main.ts` names the path of its bundle to the package of metrics. */
import '@codex-orchestrator/metrics/range-worker';
