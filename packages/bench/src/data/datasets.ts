import type { Datasets, Variant } from '../guard/guard.js';
import { createDatasetCache } from './dataset-cache.js';
import { experienceChunks, experienceLineVersion } from './experience-chunks.js';
import { historyChunks } from './history-chunks.js';
import { historyLineVersion } from './history-line.js';
import { outputChunks, outputVersion } from './output-chunks.js';

export interface CreateDatasetsOptions {
  /** Folder that data sets are kept in; made where it is missing. */
  readonly cacheDir: string;
}

/**
 * Data sets made of a seed and kept in a folder. Sizes are what guards ask for: lines of a history or log
 * include notes and, with `hostile`, damaged ones.
 */
export function createDatasets({ cacheDir }: CreateDatasetsOptions): Datasets {
  const make = createDatasetCache(cacheDir);
  return {
    history: ({ lines, variant = 'realistic', seed = 1 }) =>
      make({
        name: `history-v${historyLineVersion}-${variant}-s${seed}-${count(lines, 'lines')}`,
        main: 'metrics.json',
        files: () => [
          {
            path: 'metrics.json',
            chunks: historyChunks({ lines, seed, shape: 'own', kind: kindOf(variant) }),
          },
        ],
      }),
    experiences: ({ lines, variant = 'realistic', seed = 1, domains = 20 }) =>
      make({
        name: `experiences-v${experienceLineVersion}-${variant}-s${seed}-d${domains}-${count(lines, 'lines')}`,
        main: 'experiences.jsonl',
        files: () => [
          {
            path: 'experiences.jsonl',
            chunks: experienceChunks({ lines, seed, variant, domains }),
          },
        ],
      }),
    output: ({ bytes, variant = 'realistic', seed = 1 }) =>
      make({
        name: `output-v${outputVersion}-${variant}-s${seed}-${count(bytes, 'bytes')}`,
        main: 'output.log',
        files: () => [{ path: 'output.log', chunks: outputChunks({ bytes, seed, variant }) }],
      }),
    runs: () => Promise.reject(new Error('Not made yet: data sets of runs')),
    stages: () => Promise.reject(new Error('Not made yet: data sets of stages')),
  };
}

function kindOf(variant: Variant): 'lines' | 'compact' | 'hostile' {
  return variant === 'realistic' ? 'lines' : variant;
}

function count(value: number, name: string): number {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new RangeError(`Expected \`${name}\` of a data set to be a whole number, got ${value}`);
}
