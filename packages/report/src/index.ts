export { ReportError } from './errors.js';

export type {
  ComparedSide,
  Comparison,
  ComparisonMethod,
  ComparisonVerdict,
  Distribution,
  MetricComparison,
  Rate,
  RateComparison,
} from './compare/comparison.js';
export type { MachineFingerprint, RunSample, StageSample } from './compare/run-sample.js';
export type { ReportErrorCode, ReportErrorOptions } from './errors.js';
