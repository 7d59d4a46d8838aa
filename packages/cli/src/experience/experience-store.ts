/** What runs need of the package of experiences, in a file of its own: it is loaded when one is looked up or recorded. */
export {
  createExperienceLayout,
  describePolicy,
  describeSelection,
  earlierRuns,
  holdsRun,
  judgeLesson,
  listRecords,
  loadInstructions,
  loadPacks,
  openExperienceStore,
  renderExperience,
  rewardOf,
  selectExperiences,
} from '@codex-orchestrator/experience-store';
