import { OtpAdmin, type SmsTransport } from 'nestjs-sms-otp';
import { afterEach, describe, expect, it } from 'vitest';
import { attacked } from '../support/attack-record.js';
import { eventsOfAll, TWO_INSTANCES } from '../support/deployments.js';
import { type HttpCall, NUMBER, OtpHttpClient } from '../support/http.js';
import { type OtpApp, startOtpApp } from '../support/otp-app.js';
import { eventsOf, ScriptedAssessor } from '../support/risk.js';

const FORGED = 'x\r\n[Nest] 1 - LOG challenge.verified \u001b[31mred\u001b[0m\u2028\u0000\u0085';
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/** Every text in a value, however deep. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') {
    return [value];
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** What is logged is events, so nothing in an event may begin a line or colour one. */
describe('control characters for the log', () => {
  let otp: OtpApp;

  afterEach(() => otp.close());

  it('K1 case 65 whatever clients, assessors and operators say, no event holds one', async () => {
    const assessor = new ScriptedAssessor({ decision: 'deny', reason: FORGED });
    const deployed = await TWO_INSTANCES.start({ risk: { assessor } });
    otp = deployed;
    const events = eventsOfAll(deployed);
    const client = new OtpHttpClient(otp);
    const calls: readonly HttpCall[] = [
      { method: 'POST', path: '/otp/challenges', body: { phoneNumber: NUMBER } },
      { method: 'POST', path: '/otp/challenges', body: { phoneNumber: `${NUMBER}${FORGED}` } },
      { method: 'POST', path: '/otp/challenges', body: { phoneNumber: NUMBER, purpose: FORGED } },
      { method: 'POST', path: '/otp/challenges', body: { phoneNumber: NUMBER, locale: FORGED } },
      { method: 'POST', path: '/otp/challenges', body: { phoneNumber: NUMBER, channel: FORGED } },
      { method: 'POST', path: `/otp/challenges/${encodeURIComponent(FORGED)}/verify`, body: { code: FORGED } },
      { method: 'POST', path: `/otp/webhooks/${encodeURIComponent(FORGED)}`, body: { x: FORGED } },
    ];
    for (const call of calls) {
      await client.call(call);
    }
    const admin = otp.app.get(OtpAdmin, { strict: false });
    const unlocked = await admin.unlock(NUMBER, { actor: FORGED, reason: FORGED });
    expect(unlocked.outcome).not.toBe('unlocked');
    const texts = events.flatMap(textsIn);
    attacked({ tried: calls.length + 1, through: texts.filter((text) => CONTROL.test(text)).length });
    expect(texts.join()).toContain('challenge.verified');
  });

  it('K1 case 65 whatever a provider says, no event holds one', async () => {
    const rude: SmsTransport = {
      name: 'rude',
      channels: ['sms'],
      send: () => Promise.resolve({ outcome: 'failed', reason: 'quota', detail: FORGED }),
    };
    otp = await startOtpApp({ transports: [rude] });
    const events = eventsOf(otp);
    await new OtpHttpClient(otp).create();
    const failed = events.filter(({ type }) => type === 'delivery.failed');
    expect(failed.flatMap(textsIn).join()).toContain('challenge.verified');
    attacked({ tried: failed.length, through: failed.flatMap(textsIn).filter((text) => CONTROL.test(text)).length });
  });
});
