import { describe, expect, it } from 'vitest';
import { withProblems } from './problem-responses.js';

const REF = { schema: { $ref: '#/components/schemas/OtpProblem' } };

describe('withProblems', () => {
  it('gathers codes by status, each once', () => {
    const responses = withProblems({ 201: { description: '' } }, [
      'busy',
      'store_unavailable',
      'busy',
      'incorrect_code',
    ]);
    expect(Object.keys(responses)).toEqual(['201', '422', '503']);
    expect(responses).toMatchObject({
      201: { description: '' },
      503: {
        description: '`busy`: The service is busy. `store_unavailable`: The service is not available.',
        content: { 'application/problem+json': REF },
      },
    });
  });

  it('names headers only where the answer can have them', () => {
    const responses = withProblems({}, ['otp_required', 'forbidden', 'throttled', 'store_unavailable']);
    expect(responses).toMatchObject({
      401: { headers: { 'WWW-Authenticate': {} } },
      429: { headers: { 'Retry-After': {} } },
    });
    expect(responses['403']).not.toHaveProperty('headers');
    expect(responses['503']).not.toHaveProperty('headers');
  });

  it('lets stand what the application says of the same header and content type', () => {
    const own = {
      description: 'Slow down',
      headers: { 'Retry-After': { description: 'ours', schema: {} } },
      content: { 'application/problem+json': { schema: { type: 'object' } } },
      links: { next: {} },
    };
    expect(withProblems({ 429: own }, ['throttled'])['429']).toEqual({
      ...own,
      description: 'Slow down\n\n`throttled`: Too many requests.',
    });
  });

  it('leaves a response that is a reference as it is', () => {
    const own = { $ref: '#/components/responses/Slow' };
    expect(withProblems({ 429: own }, ['throttled'])).toEqual({ 429: own });
  });
});
