import { Logger } from '@nestjs/common';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { logEvents } from './event-log.js';
import { OtpEvents } from './otp-events.js';

const clock = { now: () => Date.UTC(2026, 0, 1) };
const refusal = { reason: 'throttled', limit: 'number.sends.3600', retryAfterSeconds: 12 } as const;

afterEach(() => {
  vi.restoreAllMocks();
});

describe('OtpEvents', () => {
  it('K1 tells handlers of a type, with its time in UTC', () => {
    const events = new OtpEvents(clock);
    const handler = vi.fn();
    const other = vi.fn();
    events.on('challenge.refused', handler);
    events.on('challenge.verified', other);
    events.emit('challenge.refused', refusal);
    expect(handler).toHaveBeenCalledWith({
      ...refusal,
      type: 'challenge.refused',
      time: '2026-01-01T00:00:00.000Z',
      owasp: 'excess_rate_limit_exceeded',
    });
    expect(other).not.toHaveBeenCalled();
  });

  it("tells handlers of '*' everything, and nobody who has stopped", () => {
    const events = new OtpEvents(clock);
    const handler = vi.fn();
    const stop = events.on('*', handler);
    events.emit('challenge.refused', refusal);
    stop();
    events.emit('challenge.refused', refusal);
    expect(handler).toHaveBeenCalledTimes(1);
  });

  it('catches and logs what a handler throws or rejects; the others are still told', async () => {
    const errors = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const events = new OtpEvents(clock);
    const last = vi.fn();
    events.on('challenge.refused', () => {
      throw new Error('thrown');
    });
    events.on('challenge.refused', () => Promise.reject(new Error('rejected')));
    events.on('challenge.refused', last);
    expect(() => events.emit('challenge.refused', refusal)).not.toThrow();
    await new Promise((resolve) => setImmediate(resolve));
    expect(last).toHaveBeenCalledTimes(1);
    expect(errors.mock.calls.map(([message]) => message)).toEqual([
      "A handler of 'challenge.refused' failed: thrown",
      "A handler of 'challenge.refused' failed: rejected",
    ]);
  });
});

describe('logEvents', () => {
  it('K3 writes structured lines with the names of the OWASP Logging Vocabulary', () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const events = new OtpEvents(clock);
    logEvents(events);
    events.emit('challenge.refused', refusal);
    events.emit('answer.refused', { reason: 'number_locked' });
    const time = '2026-01-01T00:00:00.000Z';
    const type = 'challenge.refused';
    expect(warn.mock.calls).toEqual([
      [type, { type, time, ...refusal, owasp: 'excess_rate_limit_exceeded' }],
      ['answer.refused', { type: 'answer.refused', time, reason: 'number_locked', owasp: 'authn_login_lock' }],
    ]);
  });
});
