/** In the order in which they are stamped. */
export const packSections = ['system', 'inject', 'summarize', 'extract', 'optimize'] as const;
export const packPolicies = ['top', 'competitive', 'diverse'] as const;

/** Holds one folder per pack, each with a `manifest.json`. Relative to the root. */
export const packsFolder = '.agent/prompts/prompt-packs';

/** Of a source, and of a manifest. */
export const MAX_FILE_BYTES = 1024 * 1024;
export const MAX_PACKS = 256;
export const MAX_SOURCES = 256;

export type PackSection = (typeof packSections)[number];

/** How experiences are chosen for a pack. */
export type PackPolicy = (typeof packPolicies)[number];

/** A file that a pack names. */
export interface PackMember {
  readonly section: PackSection;
  /** Relative to the root, with `/`, without `.` and `..`. */
  readonly path: string;
}

export interface PackSource extends PackMember {
  /** Trimmed, never empty. */
  readonly content: string;
}

export interface PromptPack {
  readonly id: string;
  readonly domain: string;
  /**
   * SHA-256, 64 hex digits: the stamp of the manifest where that is right, otherwise the one that the
   * sources as they are would get.
   */
  readonly stamp: string;
  /** How many experiences of its domain a run is given. */
  readonly experienceSlots: number;
  /** `null`: the manifest says nothing. */
  readonly policy: PackPolicy | null;
  /** Experiences with a lower score are not given. `null`: the manifest says nothing. */
  readonly minReward: number | null;
  /** In the order in which they are stamped: by section, then by path. */
  readonly sources: readonly PackSource[];
  /** Relative to the root, with `/`. */
  readonly manifestPath: string;
  /** Whether the sources are those that somebody stamped. */
  readonly isStamped: boolean;
}

export type PackProblemCode =
  | 'FOLDER_UNREADABLE'
  | 'ID_REPEATED'
  | 'MANIFEST_INVALID'
  | 'MANIFEST_UNREADABLE'
  | 'SETTING_INVALID'
  | 'SOURCE_EMPTY'
  | 'SOURCE_MISSING'
  | 'SOURCE_UNUSABLE'
  | 'STAMP_MISSING'
  | 'STAMP_NOT_WRITTEN'
  | 'STAMP_WRONG'
  | 'TOO_MANY_PACKS';

/** One thing that is wrong with a pack, and what puts it right. */
export interface PackProblem {
  readonly code: PackProblemCode;
  /** `null` where the manifest does not tell. */
  readonly packId: string | null;
  /** The file or folder that it is about, relative to the root. */
  readonly path: string;
  /** Whole sentences: what was expected, what is, what to do. */
  readonly message: string;
}
