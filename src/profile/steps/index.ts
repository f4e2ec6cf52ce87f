/** Changes of a whole profile: what is shown of it, and under which names. */
export { applySteps, stepsOf, type IStepsThere, type ITold } from './apply';
export {
  LIMITS,
  MOST_STEPS,
  PLAIN_STEPS,
  readSteps,
  RULE_STEPS,
  type Step
} from './steps';
