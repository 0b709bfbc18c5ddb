import { describe, expect, it } from 'vitest';
import { PROBLEM_STATUS } from '../problem.js';
import { isJson, jsonOf } from './json.js';
import { schemaComponents } from './schemas.js';

/** Keywords that OpenAPI 3.0 and 3.1 do not read alike, or that only one of them knows. */
const NOT_PORTABLE = [
  'nullable',
  'const',
  'exclusiveMinimum',
  'exclusiveMaximum',
  '$id',
  '$schema',
  '$defs',
  'prefixItems',
];

describe('schemaComponents', () => {
  it('uses nothing that one version of OpenAPI reads otherwise', () => {
    const used = keywordsOf(schemaComponents());
    expect(used).toContain('additionalProperties');
    expect(used.filter((keyword) => NOT_PORTABLE.includes(keyword))).toEqual([]);
  });

  it('closes requests and leaves answers open', () => {
    const closed = Object.entries(schemaComponents()).flatMap(([name, schema]) =>
      jsonOf(schema)['additionalProperties'] === false ? [name] : [],
    );
    expect(closed).toEqual(['OtpChallengeRequest', 'OtpResendRequest', 'OtpCodeRequest']);
  });

  it('describes one challenge for all who have one, and every code of a problem', () => {
    const { properties } = jsonOf(schemaComponents()['OtpProblem']);
    expect(properties).toMatchObject({
      challenge: { allOf: [{ $ref: '#/components/schemas/OtpChallenge' }] },
      code: { enum: Object.keys(PROBLEM_STATUS) },
    });
  });
});

function keywordsOf(value: unknown): string[] {
  if (Array.isArray(value)) {
    return value.flatMap(keywordsOf);
  }
  return isJson(value) ? Object.entries(value).flatMap(([name, member]) => [name, ...keywordsOf(member)]) : [];
}
