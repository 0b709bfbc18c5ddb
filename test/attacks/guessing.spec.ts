import { hmacSha256, OtpAdmin } from 'nestjs-sms-otp';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_LIMITS } from '../../libs/otp/src/limits/limit-settings.js';
import { attacked } from '../support/attack-record.js';
import { countHashes } from '../support/counting-hasher.js';
import { clientAt, type DeployedApp, type DeploymentOptions, eventsOfAll, STORES } from '../support/deployments.js';
import { expectProblem } from '../support/expect-problem.js';
import { NUMBER, OTHER_NUMBER, type OtpHttpClient, type Started, textMember, wrongCode } from '../support/http.js';
import { DAY, HOUR, limitOf, numberApart } from '../support/limits.js';
import { addressOf } from '../support/otp-instances.js';

const ATTEMPTS = 5;
const PER_DAY = limitOf(DEFAULT_LIMITS.number.wrongCodes, DAY);
const MESSAGES_PER_DAY = limitOf(DEFAULT_LIMITS.number.sends, DAY);
const { consecutiveFailures } = DEFAULT_LIMITS.number;

/**
 * Cases 1 to 12 of somebody who guesses. Seen to fail: 5, 6, 9, 10 and 12 when a number's wrong codes are not limited,
 * 8 when an address's are not; 2 and 3 fail over stores without their guards (test/integration/otp-races.spec.ts).
 */
describe.each(STORES)('guessing, $name', (deployment) => {
  const hashing = countHashes(hmacSha256());
  let otp: DeployedApp;
  let clients = 0;

  afterEach(() => otp.close());

  async function start(options: DeploymentOptions = {}): Promise<void> {
    otp = await deployment.start({ trustedProxies: ['loopback'], hashing, ...options });
    clients = 0;
    comparedBefore = hashing.comparisons;
  }

  let comparedBefore = 0;
  const compared = () => hashing.comparisons - comparedBefore;

  /** Somebody who was never seen before. */
  function stranger(): OtpHttpClient {
    clients += 1;
    return clientAt(otp, addressOf(clients));
  }

  const guessAll = (challengeId: string, codes: readonly string[]) =>
    Promise.all(codes.map((code) => stranger().verify(challengeId, code)));

  const distinctCodes = (count: number, { code }: Started) =>
    Array.from({ length: count }, (_, index) => String((Number(code) + 1 + index) % 1_000_000).padStart(6, '0'));

  async function guessWrong({ challengeId, code }: Started, times: number): Promise<void> {
    for (let guess = 0; guess < times; guess++) {
      expectProblem(await stranger().verify(challengeId, wrongCode(code)), 422, 'incorrect_code');
    }
  }

  /**
   * Asks for a code every `pauseSeconds` and guesses at each five times, everything from an address of its own; gives the
   * times of all comparisons.
   */
  async function guessFor(seconds: number, pauseSeconds: number): Promise<number[]> {
    const times: number[] = [];
    for (const end = otp.clock.now() + seconds * 1000; otp.clock.now() < end;) {
      const challenge = await stranger().create();
      if (challenge.status === 201) {
        const id = textMember(challenge, 'challengeId');
        for (let guess = 0; guess < ATTEMPTS; guess++) {
          const { status } = await stranger().verify(id, wrongCode(otp.codeTo(NUMBER)));
          if (status === 422) {
            times.push(otp.clock.now());
          }
        }
      }
      otp.clock.advanceSeconds(pauseSeconds);
    }
    return times;
  }

  const inADayFrom = (times: readonly number[], from: number) =>
    times.filter((time) => time >= from && time < from + DAY * 1000).length;

  it('B1 case 1 five wrong codes, then the right one is refused', async () => {
    await start();
    const started = await stranger().start();
    await guessWrong(started, ATTEMPTS);
    const right = await stranger().verify(started.challengeId, started.code);
    attacked({ tried: 1, through: Number(right.status === 200) });
    expectProblem(right, 410, 'attempts_exhausted');
    expect(compared()).toBe(ATTEMPTS);
  });

  it('B3 case 2 of 30 guesses in one burst five are compared', async () => {
    await start();
    const started = await stranger().start();
    const answers = await guessAll(started.challengeId, distinctCodes(30, started));
    attacked({ tried: 30, through: compared(), allowed: ATTEMPTS });
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(ATTEMPTS);
    expect(answers.filter(({ status }) => status === 410)).toHaveLength(30 - ATTEMPTS);
    expect(compared()).toBe(ATTEMPTS);
  });

  it('A3 case 3 of 50 right answers at once one is accepted', async () => {
    await start();
    const { challengeId, code } = await stranger().start();
    const answers = await guessAll(
      challengeId,
      Array.from({ length: 50 }, () => code),
    );
    const accepted = answers.filter(({ status }) => status === 200).length;
    attacked({ tried: 50, through: accepted, allowed: 1 });
    expect(accepted).toBe(1);
    expect(compared()).toBeLessThanOrEqual(ATTEMPTS);
  });

  it('B2 case 4 a resend brings a new code and no new attempts', async () => {
    await start();
    const client = stranger();
    const started = await client.start();
    await guessWrong(started, ATTEMPTS - 1);
    otp.clock.advanceSeconds(31);
    expect((await client.resend(started.challengeId)).status).toBe(200);
    await guessWrong({ ...started, code: otp.codeTo(NUMBER) }, 1);
    expectProblem(await client.verify(started.challengeId, otp.codeTo(NUMBER)), 410, 'attempts_exhausted');
    otp.clock.advanceSeconds(61);
    expectProblem(await client.resend(started.challengeId), 410, 'attempts_exhausted');
    attacked({ tried: ATTEMPTS + 1, through: compared(), allowed: ATTEMPTS });
    expect(compared()).toBe(ATTEMPTS);
  });

  it('B2 B5 cases 5 and 6 a hundred challenges, each guess from another client: the number’s limit ends it', async () => {
    await start();
    const times = await guessFor(DAY, DAY / 100);
    attacked({ tried: 100 * ATTEMPTS, through: compared(), allowed: PER_DAY });
    expect(times).toHaveLength(PER_DAY);
    expect(compared()).toBe(PER_DAY);
    // A victim gets no messages of which nobody can enter the code.
    expect(otp.transport.messages).toHaveLength(PER_DAY / ATTEMPTS);
  });

  it('B2 B5 case 7 one guess for codes made without end: messages and failures are both bounded', async () => {
    await start();
    for (let tries = 0; tries < 100; tries++) {
      const challenge = await stranger().create();
      if (challenge.status === 201) {
        const guess = otp.codeTo(NUMBER) === '123456' ? '123457' : '123456';
        expect((await stranger().verify(textMember(challenge, 'challengeId'), guess)).status).toBe(422);
      }
      otp.clock.advanceSeconds(DAY / 100 - 1);
    }
    attacked({ tried: 100, through: compared(), allowed: MESSAGES_PER_DAY });
    expect(otp.transport.messages).toHaveLength(MESSAGES_PER_DAY);
    expect(compared()).toBe(MESSAGES_PER_DAY);
  });

  it('B7 case 8 one guess at each of many numbers from one client ends at the client’s limit', async () => {
    await start({ limits: { ip: { wrongCodes: [{ limit: 8, windowSeconds: HOUR }] } } });
    const guesser = stranger();
    const victims: Started[] = [];
    for (let victim = 0; victim < 12; victim++) {
      victims.push(await stranger().start(numberApart(victim)));
    }
    const statuses: number[] = [];
    for (const { challengeId, code } of victims) {
      statuses.push((await guesser.verify(challengeId, wrongCode(code))).status);
    }
    expect(statuses).toEqual([...Array.from({ length: 8 }, () => 422), 429, 429, 429, 429]);
    attacked({ tried: victims.length, through: compared(), allowed: 8 });
    expect(compared()).toBe(8);
  });

  it('B7 case 8 wrong codes of everybody together raise an alert and refuse nobody', async () => {
    await start({ limits: { all: { wrongCodes: [{ limit: 8, windowSeconds: HOUR }] } } });
    const events = eventsOfAll(otp);
    const alerts = () => events.filter(({ type }) => type === 'limit.used_up');
    for (let victim = 0; victim < 8; victim++) {
      await guessWrong(await stranger().start(numberApart(victim)), 1);
    }
    // What was counted in the background has been counted when the next is told.
    expect(alerts()).toEqual([]);
    const honest = await stranger().start(numberApart(8));
    await guessWrong(honest, 1);
    await guessWrong(honest, 1);
    await vi.waitFor(() =>
      expect(alerts()).toContainEqual(
        expect.objectContaining({ limit: `all.wrongCodes.${HOUR}`, refused: false, country: 'NL' }),
      ),
    );
    expect((await stranger().verify(honest.challengeId, honest.code)).status).toBe(200);
  });

  it('B5 B6 case 9 while a number is locked the right code is answered like a wrong one', async () => {
    await start();
    for (const waitSeconds of [31, 61]) {
      await guessWrong(await stranger().start(), ATTEMPTS);
      otp.clock.advanceSeconds(waitSeconds);
    }
    const first = await stranger().start();
    await guessWrong(first, ATTEMPTS - 1);
    otp.clock.advanceSeconds(121);
    const last = await stranger().start();
    await guessWrong(last, 1);
    const wrong = await stranger().verify(last.challengeId, wrongCode(last.code));
    const right = await stranger().verify(last.challengeId, last.code);
    attacked({ tried: 1, through: Number(right.status === 200) });
    expectProblem(right, 410, 'attempts_exhausted');
    expect([right.status, right.text]).toEqual([wrong.status, wrong.text]);
    expect(compared()).toBe(PER_DAY);
  });

  it('B4 case 10 own successes between guesses leave the victim’s count as it is', async () => {
    await start({ limits: { number: { sends: [{ limit: 100, windowSeconds: DAY }] } } });
    const guesser = stranger();
    let wrong = 0;
    for (let challenge = 0; challenge < 4; challenge++) {
      const answer = await guesser.create();
      if (answer.status === 201) {
        for (let guess = 0; guess < ATTEMPTS; guess++) {
          const code = wrongCode(otp.codeTo(NUMBER));
          wrong += (await guesser.verify(textMember(answer, 'challengeId'), code)).status === 422 ? 1 : 0;
          await guesser.prove(OTHER_NUMBER);
        }
      }
      otp.clock.advanceSeconds(241);
    }
    attacked({ tried: 4 * ATTEMPTS, through: wrong, allowed: PER_DAY });
    expect(wrong).toBe(PER_DAY);
    expectProblem(await stranger().create(), 429, 'throttled');
  });

  it('J1 case 11 many codes in one request are one comparison at most', async () => {
    await start();
    const { challengeId, code } = await stranger().start();
    const path = `/otp/challenges/${challengeId}/verify`;
    const wrong = wrongCode(code);
    const bodies: readonly unknown[] = [
      { code: [wrong, code] },
      { code: `${wrong},${code}` },
      { code: { 0: wrong, 1: code } },
      { codes: [wrong, code] },
      [{ code: wrong }, { code }],
      `{"code":"${code}","code":"${wrong}"}`,
    ];
    for (const body of bodies) {
      const headers = typeof body === 'string' ? { 'Content-Type': 'application/json' } : {};
      const answer = await stranger().call({ method: 'POST', path, body, headers });
      expect([400, 422], answer.text).toContain(answer.status);
    }
    attacked({ tried: bodies.length, through: compared(), allowed: 1 });
  });

  it('B1 B6 case 12 over days: never more guesses than the day’s limit, and a hundred in a row end them', async () => {
    await start();
    const begin = otp.clock.now();
    const times = await guessFor(9 * DAY, HOUR + 1);
    for (const time of times) {
      expect(inADayFrom(times, time)).toBeLessThanOrEqual(PER_DAY);
    }
    attacked({
      tried: Math.ceil((9 * DAY) / (HOUR + 1)) * ATTEMPTS,
      through: compared(),
      allowed: consecutiveFailures,
    });
    expect(times).toHaveLength(consecutiveFailures);
    expect(compared()).toBe(consecutiveFailures);
    expect((times.at(-1) ?? 0) - begin).toBeGreaterThan((consecutiveFailures / PER_DAY - 1) * DAY * 1000);

    // Nothing opens the public lane again but a success in another lane, or somebody who may.
    otp.clock.advanceSeconds(30 * DAY);
    expectProblem(await stranger().create(), 429, 'throttled');
    const unlocked = await otp.app.get(OtpAdmin, { strict: false }).unlock(NUMBER, { actor: 'ann', reason: 'called' });
    expect(unlocked.outcome).toBe('unlocked');
    const { challengeId, code } = await stranger().start();
    expect((await stranger().verify(challengeId, code)).status).toBe(200);
  });

  it('B1 a right code sets the failures in a row to nothing', async () => {
    await start({ limits: { number: { consecutiveFailures: 4 } } });
    for (let login = 0; login < 3; login++) {
      const started = await stranger().start();
      await guessWrong(started, 3);
      expect((await stranger().verify(started.challengeId, started.code)).status).toBe(200);
    }
    const started = await stranger().start();
    await guessWrong(started, 4);
    expectProblem(await stranger().verify(started.challengeId, started.code), 410, 'attempts_exhausted');
  });
});
