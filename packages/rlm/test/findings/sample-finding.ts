import type { Finding } from '../../src/findings/findings.js';

export function sampleFinding(parts: Partial<Finding> = {}): Finding {
  return {
    id: 'slow-loop',
    title: 'The parser scans every line twice',
    hotspot: { file: 'src/parse.ts', symbol: 'parse', lines: '10-42' },
    evidence: ['340 ms of 400 ms in parse (node --cpu-prof)'],
    impact: 'every run',
    candidate_fixes: [
      {
        title: 'Scan once',
        description: 'Keep the offset between lines.',
        files: ['src/parse.ts'],
        tests: ['test/parse.test.ts'],
        risk: 'torn lines',
      },
    ],
    ...parts,
  };
}
