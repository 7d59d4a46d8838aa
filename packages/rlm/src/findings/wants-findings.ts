/** Words of goals that are about where time or memory goes. */
const words = [
  'performance',
  'perf',
  'hot[ -]?(?:spots?|paths?)',
  'bottlenecks?',
  'slow(?:er|ness|ly|down|s)?',
  'fast(?:er)?',
  'speed(?:s|ing)?(?:[ -]?up)?',
  'profil(?:e|es|ed|ing|er)',
  'optimi[sz](?:e|es|ed|ing|ation|ations)',
  'latency',
  'throughput',
  'memory',
  'cpu',
  'allocations?',
  'benchmarks?',
];
const pattern = new RegExp(`(?<![\\p{L}\\p{N}_-])(?:${words.join('|')})(?![\\p{L}\\p{N}_])`, 'iu');

/** Of other matters that are called the same. */
const others =
  /\b(?:in-memory|(?:user|users'|user's|customer|account|public|my) profiles?|profile (?:page|picture|photo|image|form|screen|settings)|fast-forward|breakfast)\b/gi;

/** Whether a goal is about performance, so that hotspots are asked for in a form that can be read. */
export function wantsFindings(goal: string): boolean {
  return pattern.test(goal.replace(others, ' '));
}
