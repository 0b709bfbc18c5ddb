import { z } from 'zod';

export const DAY_SECONDS = 86_400;

/** A member checked by a function that says in words what is wrong. */
export function checked(check: (value: unknown) => string | undefined) {
  return z.unknown().superRefine((value, context) => {
    const problem = check(value);
    if (problem !== undefined) {
      context.addIssue({ code: 'custom', message: problem });
    }
  });
}

export function checkedList(check: (list: readonly unknown[]) => string | undefined) {
  return checked((value) => (Array.isArray(value) ? check(value) : 'must be an array'));
}

export const wholeNumber = (least: number, most: number) =>
  z
    .number(`must be a whole number from ${least} to ${most}`)
    .refine(
      (value) => Number.isSafeInteger(value) && value >= least && value <= most,
      `must be a whole number from ${least} to ${most}`,
    );

export const numberFrom = (least: number, most: number) =>
  z
    .number(`must be a number from ${least} to ${most}`)
    .refine((value) => value >= least && value <= most, `must be a number from ${least} to ${most}`);
