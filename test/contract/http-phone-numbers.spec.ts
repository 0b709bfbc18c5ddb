import { ManualClock } from 'nestjs-sms-otp/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expectProblem } from '../support/expect-problem.js';
import { OtpHttpClient } from '../support/http.js';
import { ADAPTERS, type OtpApp, startOtpApp } from '../support/otp-app.js';
import { type CountedParts, countedParts } from '../support/store-doubles.js';

describe.each(ADAPTERS)('phone numbers over HTTP, on %s', (adapter) => {
  let otp: OtpApp;
  let client: OtpHttpClient;
  let counted: CountedParts;

  beforeAll(async () => {
    const clock = new ManualClock();
    counted = countedParts({ clock });
    otp = await startOtpApp({ adapter, clock, store: counted.store });
    client = new OtpHttpClient(otp);
    counted.forget();
  });

  afterAll(() => otp.close());

  // Each of these is refused before anything is spent.
  afterEach(() => {
    expect(counted.calls).toEqual([]);
    expect(otp.transport.messages).toEqual([]);
  });

  it.each([
    [''],
    [' '],
    ['+'],
    ['+3161234567'],
    ['+316123456789'],
    ['+31612345678;ext=1'],
    ['tel:+31612345678'],
    ['+31612345678 +31687654321'],
    ['+31612345678,+31687654321'],
    ['+31612345678\u0000'],
    ['+31612345678\r\nBcc: x'],
    ['+1 800 FLOWERS'],
    ['+999999999999999'],
    ['0612345678'],
    ['(((((((((((((((((((((((((((((((((((((('],
    ['+'.repeat(64)],
    ['9'.repeat(64)],
    ['${jndi:ldap://x}'],
    ["' OR 1=1 --"],
    ['+31 6 १२३४५६७'],
  ])('J1 cases 36-39 and 68 phoneNumber %j is 400 and is not repeated', async (phoneNumber) => {
    const answer = await client.create({ phoneNumber });
    expectProblem(answer, 400, 'invalid_phone_number');
    expect(answer.body['errors']).toEqual([{ pointer: '#/phoneNumber', detail: answer.body['detail'] }]);
    if (phoneNumber.trim().length > 2) {
      expect(answer.text).not.toContain(phoneNumber);
    }
  });

  it('case 68 an oversized phoneNumber is 400', async () => {
    expectProblem(await client.create({ phoneNumber: '+31'.padEnd(3000, '6') }), 400, 'invalid_request');
    expectProblem(await client.create({ phoneNumber: `+31${' '.repeat(3000)}612345678` }), 400, 'invalid_request');
  });

  it.each([
    ['+319001234567'],
    ['+31201234567'],
    ['+447012345678'],
    ['+881612345678'],
    ['+97912345678'],
    ['+318001234567'],
  ])('case 40 %s cannot get a message and is refused before anything is spent', async (phoneNumber) => {
    const answer = await client.create({ phoneNumber });
    expect([400, 403]).toContain(answer.status);
    expectProblem(answer, answer.status, answer.status === 403 ? 'destination_not_allowed' : 'invalid_phone_number');
  });
});
