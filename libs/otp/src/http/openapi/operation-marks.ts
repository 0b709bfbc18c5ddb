import { mergeMarks } from '../guard/otp-requirement.js';
import { isJson, type Json, jsonOf, omitMembers } from './json.js';
import { type GuardMark, MARKS, type RouteName } from './marks.js';
import { ROUTES } from './routes.js';

/** An operation without its marks, and what they say. */
export interface MarkedOperation {
  readonly operation: Json;
  readonly route: RouteName | undefined;
  readonly guard: GuardMark | undefined;
  readonly isThrottled: boolean;
}

const NAMES = Object.values(MARKS);

export function takeMarks(marked: Json): MarkedOperation {
  const responses = jsonOf(marked['responses']);
  const ofClass = (name: string) => jsonOf(responses[name])['mark'];
  const route = marked[MARKS.route];
  return {
    operation: { ...omitMembers(marked, NAMES), responses: omitMembers(responses, NAMES) },
    route: isRouteName(route) ? route : undefined,
    guard: mergeMarks(readGuardMark(marked[MARKS.guard]), readGuardMark(ofClass(MARKS.guard))),
    isThrottled: [marked[MARKS.throttle], ofClass(MARKS.throttle)].includes(true),
  };
}

function readGuardMark(mark: unknown): GuardMark | 'skip' | undefined {
  return mark === 'skip' || isGuardMark(mark) ? mark : undefined;
}

/** Nobody else writes under this name. */
function isGuardMark(mark: unknown): mark is GuardMark {
  return isJson(mark) && typeof mark['purpose'] === 'string';
}

function isRouteName(name: unknown): name is RouteName {
  return typeof name === 'string' && Object.hasOwn(ROUTES, name);
}
