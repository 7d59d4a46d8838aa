/**
 * What gates and the commands of tasks need of the package `gates`. It is a file of its own in the built
 * program too: it is loaded when one of them is asked.
 */
export {
  addTaskEvidence,
  GateError,
  gateNames,
  listTasks,
  newTask,
  openGatePorts,
  runGate,
  taskStatus,
} from '@codex-orchestrator/gates';
export { describeGate } from './gates/describe-gate.js';
export { runStageGate } from './gates/run-stage-gate.js';
export {
  renderAllGates,
  renderAllGatesForAgent,
  renderGate,
  renderGateForAgent,
} from './render/gate.js';
export { renderGithub } from './render/gate-github.js';
export { renderSarif } from './render/gate-sarif.js';
