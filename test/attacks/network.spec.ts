import { afterEach, describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../libs/otp/src/limits/limit-settings.js';
import { attacked } from '../support/attack-record.js';
import {
  clientAt,
  type DeployedApp,
  type DeploymentOptions,
  eventsOfAll,
  STORES,
  TWO_INSTANCES,
} from '../support/deployments.js';
import { expectProblem, expectThrottled } from '../support/expect-problem.js';
import { NUMBER, type OtpHttpClient } from '../support/http.js';
import { DAY, HOUR, limitOf, MINUTE, numberApart, WIDE_SHARED_LIMITS } from '../support/limits.js';
import { addressOf } from '../support/otp-instances.js';
import { withoutAtomicLimits } from '../support/unguarded-store.js';

const HOME = '203.0.113.7';
/** Nothing is overlooked: what is asked counts at once. */
const NOT_YOUNG = { seconds: 10, upTo: 0 };
const COUNTRIES = limitOf(DEFAULT_LIMITS.ip.unansweredCountries, DAY);
const FAILED = limitOf(DEFAULT_LIMITS.ip.failedSends, HOUR);
/** A mobile number of each country. */
const ABROAD = ['+31612345678', '+32470123456', '+33612345678', '+4915112345678', '+447400123456', '+34612345678'];

const ipLimit = (limit: number, share = 0): DeploymentOptions => ({
  limits: {
    ...WIDE_SHARED_LIMITS,
    ip: { unansweredSends: [{ limit, windowSeconds: HOUR, share }], youngSends: NOT_YOUNG },
  },
});

/**
 * Cases 44 to 50 of somebody with many addresses, or among many people behind one; 43 and more of them are in
 * test/contract/http-client-limits.spec.ts. Seen to fail: 44 when the networks around a /64 are not asked.
 */
describe.each(STORES)('addresses and throttling, $name', (deployment) => {
  let otp: DeployedApp;
  let sent = 0;

  afterEach(() => otp.close());

  async function start(options: DeploymentOptions = {}): Promise<void> {
    otp = await deployment.start({ trustedProxies: ['loopback'], ...options });
    sent = 0;
  }

  /** One more message, to a number and a prefix that got none before. */
  function send(client: OtpHttpClient) {
    sent += 1;
    return client.create({ phoneNumber: numberApart(sent) });
  }

  async function statusesOf(count: number, clientOf: (index: number) => OtpHttpClient): Promise<number[]> {
    const statuses: number[] = [];
    for (let index = 0; index < count; index++) {
      statuses.push((await send(clientOf(index))).status);
    }
    return statuses;
  }

  /** Of as many tries, in order, the first are admitted and no other. */
  function expectAdmitted(admitted: number, statuses: readonly number[]): void {
    const through = statuses.filter((status) => status === 201).length;
    attacked({ tried: statuses.length, through, allowed: admitted });
    expect(statuses).toEqual(refusedAfter(admitted, statuses.length));
  }

  const refusedAfter = (admitted: number, count: number) =>
    Array.from({ length: count }, (_, index) => (index < admitted ? 201 : 429));

  it('C4 case 44 whoever has a /56 has two budgets, and four with a /48', async () => {
    await start(ipLimit(3));
    const in56 = (index: number) => clientAt(otp, `2001:db8:1:a${index.toString(16).padStart(2, '0')}::1`);
    expectAdmitted(6, await statusesOf(9, in56));
    const in48 = (index: number) => clientAt(otp, `2001:db8:1:${(0xb0 + index).toString(16)}00::1`);
    expectAdmitted(6, await statusesOf(9, in48));
    expect((await send(clientAt(otp, '2001:db8:2:a00::1'))).status).toBe(201);
  });

  it('C4 case 45 in a rotation of spellings an IPv4 address stays one client', async () => {
    await start(ipLimit(3));
    const spellings = [HOME, `::ffff:${HOME}`, '::ffff:cb00:7107', '0:0:0:0:0:ffff:203.0.113.7'];
    const spelled = (index: number) => clientAt(otp, spellings[index % spellings.length] ?? HOME);
    expectAdmitted(3, await statusesOf(6, spelled));
  });

  it('B5 case 46 two hundred addresses get no more for one number than one', async () => {
    await start();
    for (let index = 0; index < 200; index++) {
      await clientAt(otp, addressOf(index)).create();
      otp.clock.advanceSeconds(DAY / 200 - 1);
    }
    const allowed = limitOf(DEFAULT_LIMITS.number.sends, DAY);
    attacked({ tried: 200, through: otp.transport.messages.length, allowed });
    expect(otp.transport.messages).toHaveLength(allowed);
  });

  it('case 47 where many people answer, one who does not takes none of their messages', async () => {
    await start(ipLimit(2, 1));
    const shared = clientAt(otp, HOME);
    for (let person = 0; person < 10; person++) {
      await shared.prove(numberApart(1_000 + person));
    }
    expectAdmitted(6, await statusesOf(6, () => shared));
    for (let person = 10; person < 15; person++) {
      await shared.prove(numberApart(1_000 + person));
    }
    // He is stopped all the same: by as many as were answered, and not by those alone that anybody has.
    expectAdmitted(9, await statusesOf(12, () => shared));
  });

  it('case 48 a burst on both sides of an hour is still one hour’s', async () => {
    await start(ipLimit(5));
    const client = clientAt(otp, HOME);
    otp.clock.advanceSeconds(HOUR - 5);
    expectAdmitted(3, await statusesOf(3, () => client));
    otp.clock.advanceSeconds(10);
    expectAdmitted(2, await statusesOf(4, () => client));
    otp.clock.advanceSeconds(HOUR - 20);
    expectAdmitted(0, await statusesOf(2, () => client));
  });

  it('C1 case 48 in no hour of many, wherever it begins, are there more messages than its limit', async () => {
    await start(ipLimit(5));
    const client = clientAt(otp, HOME);
    const times: number[] = [];
    for (let minute = 0; minute < 180; minute += 7) {
      for (const { status } of [await send(client), await send(client)]) {
        times.push(...(status === 201 ? [otp.clock.now()] : []));
      }
      otp.clock.advanceSeconds(7 * MINUTE + 3);
    }
    const most = Math.max(
      ...times.map((from) => times.filter((time) => time >= from && time < from + HOUR * 1000).length),
    );
    attacked({ tried: 52, through: most, allowed: 5 });
    expect(times.length).toBeGreaterThanOrEqual(12);
  });

  it('C1 case 50 of 30 requests at once to as many numbers as many are sent as the address has left', async () => {
    await start(ipLimit(7));
    const client = clientAt(otp, HOME);
    const answers = await Promise.all(Array.from({ length: 30 }, () => send(client)));
    expectAdmitted(
      7,
      answers.map(({ status }) => status).toSorted((one, other) => one - other),
    );
    expect(otp.transport.messages).toHaveLength(7);
  });

  it(`C2 ${COUNTRIES} different countries that do not answer; an answer makes place for another`, async () => {
    await start();
    const events = eventsOfAll(otp);
    const client = clientAt(otp, HOME);
    const [first = NUMBER, ...others] = ABROAD;
    const { challengeId } = await client.start(first);
    for (const phoneNumber of others.slice(0, COUNTRIES - 1)) {
      expect((await client.create({ phoneNumber })).status).toBe(201);
    }
    const [next, nextButOne] = others.slice(COUNTRIES - 1);
    expectProblem(await client.create({ phoneNumber: next }), 429, 'throttled');
    expect(events.at(-1)).toMatchObject({ type: 'challenge.refused', limit: `ip.unansweredCountries.${DAY}` });
    // A country that is there already, and another client.
    expect((await client.create({ phoneNumber: '+32471123456' })).status).toBe(201);
    expect((await clientAt(otp, '203.0.113.8').create({ phoneNumber: next })).status).toBe(201);

    expect((await client.verify(challengeId, otp.codeTo(first))).status).toBe(200);
    otp.clock.advanceSeconds(31);
    expect((await client.create({ phoneNumber: next })).status).toBe(201);
    expectProblem(await client.create({ phoneNumber: nextButOne }), 429, 'throttled');
  });

  it(`C1 ${FAILED} messages an hour that no provider takes, then the client asks for no more`, async () => {
    await start();
    const client = clientAt(otp, HOME);
    for (let failure = 0; failure < FAILED; failure++) {
      otp.transport.failNext('invalid-recipient');
      expectProblem(await send(client), 503, 'delivery_failed');
    }
    expectThrottled(await send(client), HOUR);
    expect((await send(clientAt(otp, '203.0.113.8'))).status).toBe(201);
    otp.clock.advanceSeconds(HOUR);
    expect((await send(client)).status).toBe(201);
    expect(otp.transport.messages).toHaveLength(2);
  });
});

it('the race is real: asked first and taken later, more are sent than the address has left', async () => {
  const otp = await TWO_INSTANCES.start({
    trustedProxies: ['loopback'],
    wrapStore: withoutAtomicLimits(),
    ...ipLimit(1),
  });
  try {
    const client = clientAt(otp, HOME);
    await Promise.all(Array.from({ length: 30 }, (_, n) => client.create({ phoneNumber: numberApart(n) })));
    expect(otp.transport.messages.length).toBeGreaterThan(1);
  } finally {
    await otp.close();
  }
});
