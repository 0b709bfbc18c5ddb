import { type OtpProblemCode, PROBLEM_STATUS } from '../problem.js';

export const PROBLEM_CODES: readonly OtpProblemCode[] = Object.keys(PROBLEM_STATUS).filter(isProblemCode);

export function isProblemCode(name: string): name is OtpProblemCode {
  return Object.hasOwn(PROBLEM_STATUS, name);
}
