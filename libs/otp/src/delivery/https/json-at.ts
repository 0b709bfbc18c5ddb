/**
 * What stands at a place in JSON that somebody else wrote: `undefined` where the place does not exist. Own members only, so
 * that no name of a prototype is an answer.
 *
 * @example
 * jsonAt(body, 'messages', 0, 'status', 'groupName')
 */
export function jsonAt(json: unknown, ...path: readonly (string | number)[]): unknown {
  let value = json;
  for (const key of path) {
    value =
      typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
  }
  return value;
}
