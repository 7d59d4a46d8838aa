/**
 * What gates and the commands of tasks need of the package `gates`. It is a file of its own in the built
 * program too: it is loaded when a gate is asked.
 */
export { GateError, gateNames, runGate } from '@codex-orchestrator/gates';
export { renderSarif } from './render/gate-sarif.js';
