import { describe, expect, it } from 'vitest';
import { DeadlineError } from '../with-deadline.js';
import { failureOf } from './answer.js';

/** As `fetch` throws it: the system's error is the cause. */
function fetchError(cause: unknown): Error {
  return new TypeError('fetch failed', { cause });
}

const systemError = (code: string, syscall?: string) => Object.assign(new Error(`${code} 10.0.0.1`), { code, syscall });

describe('failureOf', () => {
  it.each([
    ['ENOTFOUND', 'getaddrinfo'],
    ['EAI_AGAIN', 'getaddrinfo'],
    ['ECONNREFUSED', 'connect'],
    ['EHOSTUNREACH', 'connect'],
    ['ETIMEDOUT', 'connect'],
    ['UND_ERR_CONNECT_TIMEOUT', undefined],
  ])('%s of %s happens before the request: transient', (code, syscall) => {
    expect(failureOf(fetchError(systemError(code, syscall)))).toEqual({
      outcome: 'failed',
      reason: 'transient',
      detail: `no connection (${code})`,
    });
  });

  it('several addresses that were tried count as one', () => {
    const tried = [systemError('ECONNREFUSED', 'connect'), systemError('ECONNREFUSED', 'connect')];
    expect(failureOf(fetchError(new AggregateError(tried)))).toMatchObject({ reason: 'transient' });
  });

  it.each([
    'CERT_HAS_EXPIRED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'ERR_TLS_CERT_ALTNAME_INVALID',
  ])('%s: configuration', (code) => {
    expect(failureOf(fetchError(systemError(code)))).toMatchObject({ reason: 'configuration' });
  });

  it.each([
    fetchError(systemError('ECONNRESET', 'read')),
    fetchError(systemError('EPIPE', 'write')),
    fetchError(systemError('ETIMEDOUT', 'read')),
    fetchError(systemError('UND_ERR_SOCKET')),
    fetchError(systemError('UND_ERR_HEADERS_TIMEOUT')),
    fetchError(new AggregateError([])),
    fetchError(undefined),
    new DeadlineError('no answer in time'),
    'thrown text',
    undefined,
  ])('case 56: anything else may have been sent', (error) => {
    expect(failureOf(error)).toMatchObject({ outcome: 'failed', reason: 'unknown-outcome' });
  });

  it('A6 repeats no message of an error', () => {
    expect(JSON.stringify(failureOf(fetchError(systemError('ECONNRESET', 'read'))))).not.toContain('10.0.0.1');
  });
});
