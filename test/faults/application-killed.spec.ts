import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { OtpAdmin } from 'nestjs-sms-otp';
import { redisStore } from 'nestjs-sms-otp/redis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { effort } from '../support/effort.js';
import { wrongCode } from '../support/http.js';
import { startOtpApp, TEST_INDEX_SECRET, TEST_SECRET } from '../support/otp-app.js';
import { addressOf, numberOf } from '../support/otp-instances.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { Random } from '../simulation/engine/random.js';
import { type Bundle, bundle } from '../support/bundle.js';
import { Crowd } from './crowd.js';
import { reportFault } from './fault-row.js';
import { judge, type Verdict } from './judge.js';
import { Instance } from './killed/instance.js';
import type { Mark } from './killed/steps.js';
import { type Exchange, Ledger } from './ledger.js';
import { LIMITS, PURPOSES } from './rules.js';
import { RunningClock } from './running-clock.js';
import { usedBy } from './used-by.js';

const TIMEOUT_MS = effort(120_000, 600_000);
const PEOPLE = 320;
/** Each start of an application takes as long as a hundred operations, so the short form has none. */
const KILLS = effort<readonly number[]>([], [20]);

type Road = 'issue' | 'right code' | 'wrong code' | 'resend' | 'cancel';
const WHENS = effort<readonly Mark['when'][]>(['after'], ['before', 'after']);
const ROADS = effort<readonly Road[]>(['right code'], ['issue', 'right code', 'wrong code', 'resend', 'cancel']);

describe('case 85 the application is killed', { timeout: TIMEOUT_MS }, () => {
  let program: Bundle;
  let folder: string;
  let redis: RedisServer;
  let ledger: Ledger;
  let clock: RunningClock;
  let instances: readonly [Instance, Instance];
  let people: number;
  beforeAll(async () => {
    program = await bundle(fileURLToPath(new URL('./killed/application.ts', import.meta.url)));
    folder = await mkdtemp(join(tmpdir(), 'otp-killed-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
    await program.remove();
  });
  beforeEach(async () => {
    redis = await startRedis();
    ledger = new Ledger();
    const since = Date.now();
    clock = new RunningClock(since);
    people = 0;
    const launch = (n: number) =>
      new Instance({
        program: program.file,
        ledger,
        url: redis.url,
        secret: TEST_SECRET,
        indexSecret: TEST_INDEX_SECRET,
        since,
        file: join(folder, `${redis.port}-${n}`),
      });
    instances = [launch(0), launch(1)];
    await Promise.all(instances.map((instance) => instance.untilReady()));
  });
  afterEach(async () => {
    await Promise.all(instances.map((instance) => instance.close()));
    await redis.stop();
  });

  const ask = (instance: Instance, { operation, number, challengeId = '', code = '' }: Question): Promise<Exchange> => {
    const ip = addressOf(Number(number.slice(-7)));
    const work = {
      issue: () => instance.issue(number, ip),
      resend: () => instance.resend(challengeId, ip),
      verify: () => instance.verify(challengeId, code, ip),
      cancel: () => instance.cancel(challengeId),
    }[operation];
    const question = { operation, number, ...(challengeId ? { challengeId } : {}), ...(code ? { code } : {}) };
    return ledger.ask(question, clock.now(), work);
  };

  /** A live challenge of a new number. */
  async function start(instance: Instance): Promise<Started> {
    const number = numberOf((people += 1));
    const { challengeId, sentCode } = await ask(instance, { operation: 'issue', number });
    if (challengeId === undefined || sentCode === undefined) {
      throw new Error('no challenge was started');
    }
    return { number, challengeId, code: sentCode };
  }

  /** The cooldown is a second of the store's clock, which runs by itself. */
  async function cooledDown(): Promise<void> {
    for (const end = clock.now() + 1_000; clock.now() <= end;) {
      await setImmediate();
    }
  }

  async function walk(instance: Instance, road: Road, started: Started): Promise<Exchange> {
    const { code } = started;
    if (road === 'resend') {
      await cooledDown();
    }
    switch (road) {
      case 'issue':
        return ask(instance, { operation: 'issue', number: started.number });
      case 'right code':
        return ask(instance, { ...started, operation: 'verify' });
      case 'wrong code':
        return ask(instance, { ...started, operation: 'verify', code: wrongCode(code) });
      case 'resend':
        return ask(instance, { ...started, code: '', operation: 'resend' });
      case 'cancel':
        return ask(instance, { ...started, code: '', operation: 'cancel' });
    }
  }

  /** What the store counts, seen by an application that was not killed. */
  async function verdictOf(): Promise<Verdict> {
    const observer = await startOtpApp({
      clock,
      purposes: PURPOSES,
      limits: LIMITS,
      store: redisStore({ url: redis.url, clock }),
    });
    try {
      const admin = observer.app.get(OtpAdmin);
      const used = await usedBy({ ledger, usedBy: (number) => admin.status(number) });
      return judge({ ledger, loss: 'nothing', used });
    } finally {
      await observer.close();
    }
  }

  it('A3 B3 L1 at every step of a road: nothing is accepted twice, nothing is lost that another try does not mend', async () => {
    const [victim, other] = instances;
    let kills = 0;
    for (const road of ROADS) {
      const stepsOf = async () => {
        const started = await start(victim);
        const before = victim.steps.length;
        await walk(victim, road, road === 'issue' ? { ...started, number: numberOf((people += 1)) } : started);
        return victim.steps.slice(before);
      };
      const steps = await stepsOf();
      expect(steps.length, road).toBeGreaterThan(1);
      for (const [index, name] of steps.entries()) {
        for (const when of WHENS) {
          const at = `${road}, ${when} ${name}`;
          const started = await start(other);
          const number = road === 'issue' ? numberOf((people += 1)) : started.number;
          await victim.dieAt({ step: index + 1, when });
          const deaths = victim.deaths;
          await walk(victim, road, { ...started, number });
          await victim.untilDead(deaths + 1);
          kills += 1;

          // Whoever tries again is served, by the other instance or when this one is back.
          const right = await ask(other, { ...started, operation: 'verify' });
          expect(right.outcome, at).toMatch(/verified|challenge_gone|incorrect_code/);
          await ask(victim, { ...started, operation: 'verify' });
          const anew = await start(victim);
          expect(await ask(victim, { ...anew, operation: 'verify' }), at).toMatchObject({ outcome: 'verified' });
        }
      }
    }
    const verdict = await verdictOf();
    reportFault({ fault: `application killed at each step (${kills} kills)`, ...verdict });
    expect(verdict.broken).toEqual([]);
  });

  it.each(KILLS)('A3 B3 L1 again and again while people use both instances, %i times', async (kills) => {
    const random = new Random(7);
    const crowd = new Crowd({
      surroundings: { ledger, clock, door: (n) => instances[n % 2 === 0 ? 0 : 1] },
      people: PEOPLE,
      atOnce: 16,
    });
    const acting = crowd.act();
    for (let kill = 1; kill <= kills; kill += 1) {
      await crowd.untilDone((0.8 * kill) / kills);
      const victim = instances[kill % 2 === 0 ? 0 : 1];
      await victim.untilReady();
      await victim.dieAt({ step: random.between(1, 12), when: random.pick(['before', 'after']) });
    }
    await acting;
    const verdict = await verdictOf();
    const deaths = instances.reduce((sum, instance) => sum + instance.deaths, 0);
    reportFault({ fault: `application killed under load (${deaths} kills)`, ...verdict });
    expect(deaths).toBeGreaterThan(kills / 2);
    expect(verdict.broken).toEqual([]);
  });
});

interface Started {
  readonly number: string;
  readonly challengeId: string;
  readonly code: string;
}

interface Question extends Partial<Started> {
  readonly operation: Exchange['operation'];
  readonly number: string;
}
