export { ExperienceError } from './errors.js';
export { createExperienceLayout } from './layout.js';
export { scoreOf } from './record/record.js';

export type { ExperienceErrorCode, ExperienceErrorOptions } from './errors.js';
export type { ExperienceLayout, ExperienceLayoutOptions } from './layout.js';
export type {
  Counters,
  Evidence,
  Experience,
  ExperienceInput,
  ExperienceNote,
  ExperienceRecord,
  MarkNote,
  OutcomeNote,
  RecordReference,
  Reward,
  RunUse,
  SeenNote,
  ToolStat,
} from './record/record.js';
