import type { OtpProblemCode } from 'nestjs-sms-otp';
import { expect } from 'vitest';
import { expectNoInternals } from './expect-no-internals.js';
import type { HttpAnswer } from './http.js';

/** Members of a problem beyond those that every one has, by `code`. */
const EXTRA_MEMBERS: Partial<Record<OtpProblemCode, readonly string[]>> = {
  invalid_request: ['errors'],
  invalid_phone_number: ['errors'],
  otp_required: ['challenge'],
  insufficient_proof: ['challenge'],
  idempotency_conflict: ['retryAfter'],
  incorrect_code: ['attemptsRemaining'],
  throttled: ['retryAfter'],
  busy: ['retryAfter'],
  delivery_failed: ['retryAfter'],
  store_unavailable: ['retryAfter'],
};

/** The answer is this problem (RFC 9457), with the headers of the contract and nothing that does not belong there. */
export function expectProblem(answer: HttpAnswer, status: number, code: OtpProblemCode): void {
  const seen = `${answer.status} ${String(answer.body['code'])}`;
  expect(seen, answer.text).toBe(`${status} ${code}`);
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json(; charset=utf-8)?$/);
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.body).toMatchObject({ type: expect.stringMatching(/^[a-z]+:/), title: expect.any(String), status });
  const known = new Set(['type', 'title', 'status', 'detail', 'code', ...(EXTRA_MEMBERS[code] ?? [])]);
  expect(Object.keys(answer.body).filter((member) => !known.has(member))).toEqual([]);
  if (answer.body['retryAfter'] !== undefined) {
    expect(answer.headers['retry-after']).toBe(JSON.stringify(answer.body['retryAfter']));
  }
  expectNoInternals(answer.text);
}

/** 429 with a wait in whole seconds (RFC 6585 §4). */
export function expectThrottled(answer: HttpAnswer, retryAfterSeconds: number): void {
  expectProblem(answer, 429, 'throttled');
  expect(answer.headers['retry-after']).toBe(String(retryAfterSeconds));
  expect(answer.body['retryAfter']).toBe(retryAfterSeconds);
}
