/**
 * What a reviewer is asked to answer with. The places of the form hold no answer: whoever prints the form back
 * has not reviewed.
 */
export const findingsForm = `End your last message with exactly one block of JSON of this form, with paths relative to the root of the
repository. Leave the list empty where you found nothing; without the block, or with two, nothing counts as reviewed:

\`\`\`json
{
  "version": 1,
  "verdict": "<approve or request_changes>",
  "findings": [
    {
      "severity": "<low, medium, high or critical>",
      "file": "src/example.ts",
      "line": 12,
      "title": "<what is wrong, in one sentence>",
      "message": "<why it is wrong, and how it shows>",
      "fix": "<what to do about it>"
    }
  ]
}
\`\`\`

At most 50 findings, each text at most 2000 characters, all of it below 48 KiB. Report what is wrong and can be
shown, not what could be otherwise as well. \`file\`, \`line\` and \`fix\` may be null.`;
