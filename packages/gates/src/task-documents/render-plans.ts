import type { TaskNames } from './task-names.js';

/** What is wanted and why. @param day `YYYY-MM-DD` */
export function renderPrd({ key, title, paths }: TaskNames, day: string): string {
  return `# PRD: ${title} (${key})

Written on ${day}. How it is built: \`${paths.techSpec}\`. In which order: \`${paths.actionPlan}\`. How far it is: \`${paths.checklist}\`.

## Summary

- Problem: who cannot do what today, and how that shows.
- Outcome: what they can do afterwards, and how they see that it works.

## Goals

- One line for each change that somebody would notice.

## Non-goals

- What this task leaves alone, so that nobody has to ask.

## Requirements

1. What has to hold, worded so that it can be checked.

## Acceptance

- The command to run and what it prints when the task is done.

## Risks and open questions

- What could go wrong, how it would be noticed, and who decides.
`;
}

/** How it is built. */
export function renderTechSpec({ key, title, paths }: TaskNames, day: string): string {
  return `# Technical specification: ${title} (${key})

Written on ${day}. What is wanted: \`${paths.prd}\`. The part that is reviewed regularly: \`${paths.spec}\`.

## Present state

Which files and functions do it today, by full path, and where they fall short.

## Design

What changes, and why this way rather than the next best one.

## Interfaces and data

Commands, functions, files and formats that others rely on, as they will be.

## Failure and safety

What happens when a step fails half-way, when it runs twice, and when its input is hostile.

## Tests

Which test shows each requirement, and how it fails without the change.
`;
}

/**
 * The plan that somebody who knows nothing of the task can work by: it is kept up to date while the work goes
 * on, and ends as its record.
 */
export function renderActionPlan({ key, title, paths }: TaskNames, day: string): string {
  return `# Action plan: ${title} (${key})

This plan is kept up to date while the work goes on. Whoever picks it up needs nothing but it and the repository.

## Purpose

What somebody can do once this is done, and how they see it work. Details: \`${paths.prd}\`.

## Progress

Steps with the time at which each was done; a step that is half done is split in two.

- [x] (${day}) Documents of the task begun.
- [ ] Specification reviewed.
- [ ] Change made and tested.
- [ ] Checklist complete, with evidence: \`${paths.checklist}\`.

## Surprises & discoveries

- What turned out to be otherwise than expected, with what showed it.

## Decision log

- Decision, reason, date.

## Outcomes & retrospective

What was reached, what is left, and what the next task should know.

## Context

Where things are, by full path, and what the words of this plan mean. Design: \`${paths.techSpec}\`.

## Plan of work

The changes in their order, as prose: which file, which part, what it does afterwards.

## Concrete steps

Commands with the folder to run them in, and what they are expected to print.

    codex-orchestrator start --task ${key}

## Validation and acceptance

How to try it, what to enter and what to see. Runs are linked in the checklist by:

    codex-orchestrator task evidence ${key} --run latest

## Idempotence and recovery

What may be repeated safely, and the way back when a step fails half-way.

## Artifacts and notes

The shortest transcripts and numbers that show it works.
`;
}

/** What is done, is to be done, and what shows it. */
export function renderChecklist({ key, title, paths }: TaskNames, day: string): string {
  return `# Task ${key} - ${title}

Begun on ${day}. A ticked item names what shows it: the words that \`codex-orchestrator task evidence ${key}\` puts behind it.

## Checklist

### Plan

- [ ] PRD agreed on: \`${paths.prd}\`
- [ ] Specification reviewed: \`${paths.techSpec}\`, \`${paths.spec}\`
- [ ] Action plan can be followed by somebody else: \`${paths.actionPlan}\`

### Work

- [ ] Change made, with tests that fail without it
- [ ] Part of the work done by a subagent, as a run for the task \`${key}-<part>\`

### Proof

- [ ] All checks pass on the finished change
- [ ] Numbers from before and after are in the action plan
- [ ] Documents say what is true now
`;
}

/** What of the specification is reviewed again and again: short, with the day of its last review. */
export function renderMiniSpec({ key, title, paths }: TaskNames, day: string): string {
  return `---
title: ${JSON.stringify(title)}
task: ${key}
last_review: ${day}
---

# Spec: ${title}

Whole specification: \`${paths.techSpec}\`.

## Invariants

- What has to hold at all times, one sentence each.

## Interfaces

- What others rely on, by name.

## Review

Reviewed by whom, and what came of it. The day of the review stands at the top as \`last_review\`.
`;
}
