/** What stands in the example where a title belongs. */
export const exampleTitle = 'what is slow or large, in one sentence';

/** What is asked of an agent whose goal is to find where time or memory goes. `readFindings` reads it. */
export const findingsContract = `Report the hotspots that you found, also where you have not changed them. In your last message, before
the summary, put one block of JSON of this form, with paths relative to the root of the repository:

\`\`\`json
{
  "version": 1,
  "findings": [
    {
      "id": "short-name-of-the-finding",
      "title": "${exampleTitle}",
      "hotspot": { "file": "src/example.ts", "symbol": "nameOfTheFunction", "lines": "10-42" },
      "evidence": ["what you measured, with numbers and how to repeat it"],
      "impact": "what it costs, and whom",
      "candidate_fixes": [
        {
          "title": "what to do",
          "description": "how, and why it helps",
          "files": ["src/example.ts"],
          "tests": ["a test or a command that would show it"],
          "risk": "what could break"
        }
      ]
    }
  ]
}
\`\`\`

Only what you have measured or read belongs there; a finding without evidence is left out.`;
