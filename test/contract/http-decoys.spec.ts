import { setImmediate } from 'node:timers/promises';
import { hmacSha256, type CodeHasher, type RiskVerdict, type SmsTransport } from 'nestjs-sms-otp';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { OtpParts } from '../../libs/otp/src/flows/otp-parts.js';
import { OTP_PARTS } from '../../libs/otp/src/http/otp-tokens.js';
import { expectProblem, expectThrottled } from '../support/expect-problem.js';
import { type HttpAnswer, NUMBER, OtpHttpClient, textMember, wrongCode } from '../support/http.js';
import { ADAPTERS, type OtpApp, type OtpAppOptions, startOtpApp } from '../support/otp-app.js';
import { eventsOf, ScriptedAssessor } from '../support/risk.js';

const ALLOW: RiskVerdict = { decision: 'allow' };
const DECOY: RiskVerdict = { decision: 'decoy', reason: 'not registered' };

/** Masked like `NUMBER`. */
const STRANGER = '+31687654378';

/** All of an answer that two challenges may share: only their ids differ (and a tag of the body), and these not in length. */
function comparable({ status, headers, body }: HttpAnswer) {
  const { date: _date, etag, ...rest } = headers;
  const { challengeId, ...members } = body;
  return {
    status,
    headers: { ...rest, etag: typeof etag },
    body: { ...members, challengeId: typeof challengeId === 'string' ? challengeId.length : challengeId },
  };
}

/** One unanswered message in an hour to a country, and no patience with young ones. */
const ONE_TO_A_COUNTRY = {
  country: { unansweredSends: [{ limit: 1, windowSeconds: 3600 }], youngSends: { seconds: 10, upTo: 0 } },
} as const;

describe.each(ADAPTERS)('decoys over HTTP, on %s', (adapter) => {
  const apps: OtpApp[] = [];

  afterEach(async () => {
    await Promise.all(apps.splice(0).map((otp) => otp.close()));
  });

  async function start(verdict: RiskVerdict | ScriptedAssessor['answer'], options: OtpAppOptions = {}) {
    const otp = await startOtpApp({
      adapter,
      risk: { assessor: new ScriptedAssessor(verdict), decoys: true },
      ...options,
    });
    apps.push(otp);
    return { otp, client: new OtpHttpClient(otp) };
  }

  const registeredOnly: ScriptedAssessor['answer'] = ({ phoneNumber }) => (phoneNumber === NUMBER ? ALLOW : DECOY);

  /** The messages that have left; a decoy's would have left before that of `NUMBER`, which is asked for after it. */
  async function expectMessages(otp: OtpApp, count: number) {
    await vi.waitFor(() => expect(otp.transport.messages.length).toBeGreaterThanOrEqual(count));
    expect(otp.transport.messages.map(({ to }) => to)).toEqual(Array.from({ length: count }, () => NUMBER));
  }

  it('I1 cases 90 and 92 a decoy is answered like a message that was sent, and none is', async () => {
    const { otp, client } = await start(registeredOnly);
    const events = eventsOf(otp);
    const decoy = await client.create({ phoneNumber: STRANGER });
    const real = await client.create();
    expect(decoy.status).toBe(201);
    expect(comparable(decoy)).toEqual(comparable(real));
    await expectMessages(otp, 1);
    expect(events).toMatchObject([
      { type: 'challenge.decoyed', detail: 'not registered', channel: 'sms' },
      { type: 'challenge.issued' },
      { type: 'delivery.accepted' },
    ]);
  });

  it('I1 case 90 the status is `sent` for both, and stays so when no provider took the message', async () => {
    const { otp, client } = await start(registeredOnly);
    otp.transport.failNext('invalid-recipient');
    const events = eventsOf(otp);
    const decoy = textMember(await client.create({ phoneNumber: STRANGER }), 'challengeId');
    const real = textMember(await client.create(), 'challengeId');
    await vi.waitFor(() => expect(events.map(({ type }) => type)).toContain('delivery.failed'));
    const [decoyStatus, realStatus] = [await client.status(decoy), await client.status(real)];
    expect(realStatus.body['delivery']).toBe('sent');
    expect(comparable(decoyStatus)).toEqual(comparable(realStatus));
  });

  it('I1 case 89 neither answer waits for the transport', async () => {
    const sends: (() => void)[] = [];
    const stuck: SmsTransport = {
      name: 'stuck',
      channels: ['sms'],
      send: () =>
        new Promise((resolve) => {
          sends.push(() => resolve({ outcome: 'accepted', messageId: 'late' }));
        }),
    };
    // Longer than a test may take.
    const { client } = await start(registeredOnly, { transports: [stuck], sendTimeoutSeconds: 60 });
    const decoy = await client.create({ phoneNumber: STRANGER });
    const real = await client.create();
    expect(comparable(decoy)).toEqual(comparable(real));
    await vi.waitFor(() => expect(sends).toHaveLength(1));
    expect((await client.status(textMember(real, 'challengeId'))).body['delivery']).toBe('sent');
    sends.forEach((release) => release());
  });

  it('I1 case 89 no code of a decoy is ever right, at the same work', async () => {
    const inner = hmacSha256();
    const compared: boolean[] = [];
    const hashing: CodeHasher = {
      name: inner.name,
      occupiesThread: inner.occupiesThread,
      prepare: () => inner.prepare(),
      hash: vi.fn<CodeHasher['hash']>((input) => inner.hash(input)),
      async verify(input, stored) {
        const correct = await inner.verify(input, stored);
        compared.push(correct);
        return correct;
      },
    };
    const { client } = await start(DECOY, { hashing });
    const id = textMember(await client.create(), 'challengeId');
    expect(hashing.hash).toHaveBeenCalledTimes(1);
    for (const code of ['000000', '123456', '00000000', '999999', '0000000']) {
      expectProblem(await client.verify(id, code), 422, 'incorrect_code');
    }
    expectProblem(await client.verify(id, '111111'), 410, 'attempts_exhausted');
    expect(compared).toEqual([false, false, false, false, false]);
  });

  it('I1 case 89 the code that is made for a decoy, and that nobody is told, is wrong as well', async () => {
    const { otp, client } = await start(DECOY);
    const parts = otp.app.get<{ makeCode: OtpParts['makeCode'] }>(OTP_PARTS);
    const { makeCode } = parts;
    let made = '';
    parts.makeCode = (digits) => (made = makeCode(digits));
    const id = textMember(await client.create(), 'challengeId');
    expect(made).toMatch(/^\d{6}$/);
    expectProblem(await client.verify(id, made), 422, 'incorrect_code');
  });

  it('I1 cases 90 and 92 invariant 8 a whole story reads the same: cooldown, resends, wrong codes, lock', async () => {
    const real = await start(ALLOW);
    const decoy = await start(DECOY);
    const told = await tell(real.otp, real.client, () => wrongCode(real.otp.codeTo(NUMBER)));
    expect(await tell(decoy.otp, decoy.client, () => '000000')).toEqual(told);
    expect(told.map(({ status }) => status)).toEqual(expect.arrayContaining([200, 201, 410, 422, 429]));
    expect(told.at(-1)?.status).toBe(429);
    expect(real.otp.transport.messages).toHaveLength(5);
    expect(decoy.otp.transport.messages).toHaveLength(0);
  });

  /** Everything that a client can do but give the right code, until the number is locked. */
  async function tell(otp: OtpApp, client: OtpHttpClient, wrong: () => string) {
    const answers: HttpAnswer[] = [];
    const tellOf = async (call: Promise<HttpAnswer>) => {
      const answer = await call;
      answers.push(answer);
      // A message is handed over behind its answer.
      await setImmediate();
      return answer;
    };
    for (const pauseSeconds of [121, 241, 3601]) {
      const id = textMember(await tellOf(client.create()), 'challengeId');
      await tellOf(client.status(id));
      await tellOf(client.create());
      await tellOf(client.resend(id));
      otp.clock.advanceSeconds(Math.min(pauseSeconds, 241));
      await tellOf(client.resend(id));
      await tellOf(client.status(id));
      for (let attempt = 0; attempt < 6; attempt++) {
        await tellOf(client.verify(id, wrong()));
      }
      await tellOf(client.status(id));
      await tellOf(client.resend(id));
      otp.clock.advanceSeconds(pauseSeconds);
    }
    await tellOf(client.create());
    return answers.map(comparable);
  }

  it('I1 a resend of a decoy is answered alike and sends nothing; once a decoy, always one', async () => {
    const assessor = new ScriptedAssessor(registeredOnly);
    const { otp, client } = await start(registeredOnly, { risk: { assessor, decoys: true } });
    const events = eventsOf(otp);
    const decoy = textMember(await client.create({ phoneNumber: STRANGER }), 'challengeId');
    const real = textMember(await client.create(), 'challengeId');
    otp.clock.advanceSeconds(31);
    // The stranger has signed up meanwhile.
    assessor.answer = () => ALLOW;
    const resent = [await client.resend(decoy), await client.resend(real)];
    expect(resent.map(({ status }) => status)).toEqual([200, 200]);
    expect(resent.map(comparable)[0]).toEqual(resent.map(comparable)[1]);
    await expectMessages(otp, 2);
    const types = events.map(({ type }) => type).filter((type) => /issued|resent|decoyed/.test(type));
    expect(types).toEqual(['challenge.decoyed', 'challenge.issued', 'challenge.decoyed', 'challenge.resent']);
  });

  it('a real challenge can become a decoy at a resend; its old code is dead', async () => {
    const assessor = new ScriptedAssessor(ALLOW);
    const { otp, client } = await start(ALLOW, { risk: { assessor, decoys: true } });
    const id = textMember(await client.create(), 'challengeId');
    await expectMessages(otp, 1);
    otp.clock.advanceSeconds(31);
    assessor.answer = () => DECOY;
    expect((await client.resend(id)).status).toBe(200);
    expectProblem(await client.verify(id, otp.codeTo(NUMBER)), 422, 'incorrect_code');
    await expectMessages(otp, 1);
  });

  it('a number that has answered before has no easier way than a stranger’s', async () => {
    const { otp, client } = await start(registeredOnly, { limits: ONE_TO_A_COUNTRY });
    const id = textMember(await client.create(), 'challengeId');
    await expectMessages(otp, 1);
    expect((await client.verify(id, otp.codeTo(NUMBER))).status).toBe(200);
    expect((await client.create({ phoneNumber: '+31655554378' })).status).toBe(201);
    const [known, stranger] = [await client.create(), await client.create({ phoneNumber: STRANGER })];
    expectThrottled(known, 3600);
    expect(comparable(known)).toEqual(comparable(stranger));
  });

  it('cleared decoys pass a budget that is used up as cleared messages do', async () => {
    const cleared: ScriptedAssessor['answer'] = ({ phoneNumber }) =>
      phoneNumber === NUMBER ? { decision: 'allow', cleared: true } : { decision: 'decoy', cleared: true };
    const { client } = await start(cleared, { limits: ONE_TO_A_COUNTRY });
    expect((await client.create({ phoneNumber: '+31655554378' })).status).toBe(201);
    const [known, stranger] = [await client.create(), await client.create({ phoneNumber: STRANGER })];
    expect(known.status).toBe(201);
    expect(comparable(stranger)).toEqual(comparable(known));
  });

  it('A5 with decoys on, the right code of a real challenge is as right as ever', async () => {
    const { otp, client } = await start(registeredOnly);
    const id = textMember(await client.create(), 'challengeId');
    await expectMessages(otp, 1);
    expect((await client.verify(id, otp.codeTo(NUMBER))).status).toBe(200);
  });
});
