/** What becomes of the value of a member. */
export const SKIP = 0;
export const NUMBER = 1;
export const TEXT = 2;
export const RUN_ID = 3;
export const RECORDED_AT = 4;
/** An array of objects of one shape. */
export const LIST = 5;

/** Shapes: which members belong together. */
export const ENTRY = 0;
export const STAGE = 1;
export const TOOL = 2;
export const INSTANCE = 3;
export const PRIVACY_EVENT = 4;
export const SHAPES = 5;

/** Slots of numbers. */
export const ATTEMPT = 0;
export const DURATION = 1;
export const EPOCH = 2;
export const GROUP_SIZE = 3;
export const TOOL_CALLS = 4;
export const TOKEN_TOTAL = 5;
export const COST = 6;
export const LATENCY = 7;
export const ALERTS = 8;
export const REJECTIONS = 9;
export const REVIEW_LATENCY = 10;
export const REGRESSIONS = 11;
export const PROMOTED = 12;
export const DEPRECATED = 13;
export const CANDIDATES = 14;
export const STAGE_DURATION = 15;
export const STAGE_ATTEMPTS = 16;
export const TOOL_TOKENS = 17;
export const TOOL_COST = 18;
export const TOOL_LATENCY = 19;
export const NUMBERS = 20;

/** Slots of texts. */
export const STATUS = 0;
export const PIPELINE = 1;
export const CONTROL_PLANE = 2;
export const VALIDATION = 3;
export const SNAPSHOT = 4;
export const STAGE_ID = 5;
export const STAGE_STATUS = 6;
export const TOOL_NAME = 7;
export const TEXTS = 8;
