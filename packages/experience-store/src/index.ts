export { ExperienceError } from './errors.js';
export { checkInstructions, loadInstructions } from './instructions/load-instructions.js';
export { instructionPaths, readInstructions } from './instructions/read-instructions.js';
export { stampInstructions } from './instructions/stamp-instructions.js';
export { createExperienceLayout } from './layout.js';
export { checkPacks, loadPacks } from './packs/load-packs.js';
export { packsFolder } from './packs/prompt-pack.js';
export { stampPacks } from './packs/stamp-packs.js';
export { scoreOf } from './record/record.js';

export type { ExperienceErrorCode, ExperienceErrorOptions } from './errors.js';
export type {
  InstructionCheck,
  InstructionLoading,
  InstructionOptions,
  LoadInstructionsOptions,
} from './instructions/load-instructions.js';
export type {
  InstructionFile,
  InstructionProblem,
  InstructionProblemCode,
  InstructionState,
} from './instructions/read-instructions.js';
export type {
  InstructionStamping,
  StampInstructionsOptions,
  StampedInstructions,
} from './instructions/stamp-instructions.js';
export type { ExperienceLayout, ExperienceLayoutOptions } from './layout.js';
export type { LoadPacksOptions, PackCheck, PackLoading, PackOptions } from './packs/load-packs.js';
export type { StampForm } from './packs/pack-stamp.js';
export type {
  PackMember,
  PackPolicy,
  PackProblem,
  PackProblemCode,
  PackSection,
  PackSource,
  PromptPack,
} from './packs/prompt-pack.js';
export type { PackStamping, StampPacksOptions, StampedPack } from './packs/stamp-packs.js';
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
