export type { AgentName, AgentSettings, Usage } from './agent/agent.js';
export type { Turn } from './agent/turn.js';
export type { Verdict } from './decide/verdict.js';
export type { Iteration } from './loop/iteration.js';
export type { LoopLimits, LoopSettings } from './settings/loop-settings.js';
export type { Judgement, Validator } from './validator/validator.js';
