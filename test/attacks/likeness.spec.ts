import { randomInt } from 'node:crypto';
import { argon2id, type CodeHasher, hmacSha256, type RiskVerdict } from 'nestjs-sms-otp';
import { afterEach, describe, expect, it } from 'vitest';
import { attacked } from '../support/attack-record.js';
import { type DeployedApp, type DeploymentOptions, TWO_INSTANCES } from '../support/deployments.js';
import { effort } from '../support/effort.js';
import { type HttpAnswer, OtpHttpClient, textMember, wrongCode } from '../support/http.js';
import { WIDE_SHARED_LIMITS } from '../support/limits.js';
import { rankTest } from '../support/rank-test.js';
import { ScriptedAssessor } from '../support/risk.js';

/** Samples of each side. */
const SAMPLES = effort(25, 400);
/** By chance less than once in a million runs, however long the samples are. */
const SIGNIFICANT = 1e-6;
/** A side that is slower in fewer than two of three pairs tells nothing that an attacker has tries enough to see. */
const LARGE = 1 / 6;

const NO_LIMIT = [{ limit: 1_000_000, windowSeconds: 3600 }];
const UNLIMITED = {
  ...WIDE_SHARED_LIMITS,
  ip: { unansweredSends: NO_LIMIT, sends: NO_LIMIT, wrongCodes: NO_LIMIT, unansweredCountries: NO_LIMIT },
} as const;

type Side = 'one' | 'other';
/** Does what is not measured, and gives what is. */
type Prepare = (side: Side) => Promise<() => Promise<HttpAnswer>>;

/** What an answer shows beside its time: status, names of headers, size, the members of its body. */
const shapeOf = ({ status, headers, text, body }: HttpAnswer) =>
  JSON.stringify([
    status,
    Object.keys(headers).toSorted(),
    text.length,
    Object.keys(body),
    body['code'],
    body['title'],
  ]);

/** One pair after the other, in an order that is drawn: what the machine does meanwhile is done to both. */
async function measure(prepare: Prepare) {
  const samples: Record<Side, { times: number[]; shapes: Set<string> }> = {
    one: { times: [], shapes: new Set() },
    other: { times: [], shapes: new Set() },
  };
  for (let pair = 0; pair < SAMPLES; pair++) {
    for (const side of randomInt(2) === 0 ? (['one', 'other'] as const) : (['other', 'one'] as const)) {
      const ask = await prepare(side);
      const started = performance.now();
      const answer = await ask();
      samples[side].times.push(performance.now() - started);
      samples[side].shapes.add(shapeOf(answer));
    }
  }
  return samples;
}

async function isTold(prepare: Prepare): Promise<{ byTime: boolean; byShape: boolean; found: string }> {
  const { one, other } = await measure(prepare);
  const { p, effect } = rankTest(one.times, other.times);
  return {
    byTime: p < SIGNIFICANT && Math.abs(effect - 0.5) > LARGE,
    byShape: JSON.stringify([...one.shapes].toSorted()) !== JSON.stringify([...other.shapes].toSorted()),
    found: `p ${p.toExponential(1)}, effect ${effect.toFixed(2)}, ${[...one.shapes, '|', ...other.shapes].join(' ')}`,
  };
}

/**
 * Cases 89, 90 and 92: what somebody must not learn from an answer, by its time (a rank test over interleaved requests)
 * or by its shape. Real argon2id where a hash is at stake, two instances. The last test puts a leak in and sees it found.
 */
describe('answers that must be alike', { timeout: effort(60_000, 600_000) }, () => {
  let otp: DeployedApp;
  let client: OtpHttpClient;
  let numbers = 0;

  afterEach(() => otp.close());

  async function start(options: DeploymentOptions = {}): Promise<void> {
    otp = await TWO_INSTANCES.start({ hashing: argon2id(), limits: UNLIMITED, ...options });
    client = new OtpHttpClient(otp);
  }

  /** Numbers of account holders are even, those of strangers odd; all have the same last two digits. */
  function numberOf(side: Side): string {
    numbers += 2;
    return `+316${10_000 + numbers + (side === 'one' ? 0 : 1)}578`;
  }
  const hasAccount = (phoneNumber: string) => Number(phoneNumber.slice(4, -3)) % 2 === 0;
  const registeredOnly = ({ phoneNumber }: { readonly phoneNumber: string }): RiskVerdict =>
    hasAccount(phoneNumber) ? { decision: 'allow' } : { decision: 'decoy' };
  const withDecoys = () => start({ risk: { assessor: new ScriptedAssessor(registeredOnly), decoys: true } });

  const create = async (side: Side) => {
    const phoneNumber = numberOf(side);
    return textMember(await client.create({ phoneNumber }), 'challengeId');
  };

  async function expectAlike(prepare: Prepare): Promise<void> {
    const { byTime, byShape, found } = await isTold(prepare);
    attacked({ tried: 2 * SAMPLES, through: Number(byTime) + Number(byShape) });
    expect({ byTime, byShape }, found).toEqual({ byTime: false, byShape: false });
  }

  it('I1 cases 89, 90 and 92 a message for an account, and a decoy for a stranger', async () => {
    await withDecoys();
    await expectAlike((side) => Promise.resolve(() => client.create({ phoneNumber: numberOf(side) })));
  });

  it('I1 cases 89 and 90 a wrong code for a message and for a decoy', async () => {
    await withDecoys();
    await expectAlike(async (side) => {
      const id = await create(side);
      return () => client.verify(id, '0000000');
    });
  });

  it('I1 cases 89, 90 and 92 the state of a message and of a decoy', async () => {
    await withDecoys();
    const ids = { one: await create('one'), other: await create('other') };
    await expectAlike((side) => Promise.resolve(() => client.status(ids[side])));
  });

  it('B5 cases 89 and 90 a right code and a wrong one for a number that is locked', async () => {
    await start({ limits: { ...UNLIMITED, number: { wrongCodes: [{ limit: 1, windowSeconds: 3600 }] } } });
    const phoneNumber = numberOf('one');
    const { challengeId, code } = await client.start(phoneNumber);
    await client.verify(challengeId, wrongCode(code));
    const codes = { one: code, other: wrongCode(code) };
    await expectAlike((side) => Promise.resolve(() => client.verify(challengeId, codes[side])));
  });

  it('I1 cases 89 and 90 a challenge that was used, and one that has expired', async () => {
    await start();
    const expired = await client.start(numberOf('other'));
    otp.clock.advanceSeconds(301);
    const used = await client.start(numberOf('one'));
    await client.verify(used.challengeId, used.code);
    const asked = { one: used, other: expired };
    await expectAlike((side) => Promise.resolve(() => client.verify(asked[side].challengeId, asked[side].code)));
  });

  it('E3 cases 89 and 90 a wrong code that shares all digits but one, and one that shares none', async () => {
    await start({ hashing: hmacSha256() });
    const apart = (code: string) => code.replaceAll(/\d/g, (digit) => String((Number(digit) + 5) % 10));
    await expectAlike(async (side) => {
      const { challengeId, code } = await client.start(numberOf(side));
      return () => client.verify(challengeId, side === 'one' ? wrongCode(code) : apart(code));
    });
  });

  it('the test can fail: a decoy that skips the hash is told from a message', async () => {
    const inner = argon2id();
    let skips = false;
    const hashing: CodeHasher = {
      name: inner.name,
      occupiesThread: inner.occupiesThread,
      prepare: () => inner.prepare(),
      hash: (input) => (skips ? Promise.resolve(Buffer.alloc(48)) : inner.hash(input)),
      verify: (input, stored) => inner.verify(input, stored),
    };
    const assessor = new ScriptedAssessor((request) => {
      skips = !hasAccount(request.phoneNumber);
      return registeredOnly(request);
    });
    await start({ hashing, risk: { assessor, decoys: true } });
    const { byTime } = await isTold((side) => Promise.resolve(() => client.create({ phoneNumber: numberOf(side) })));
    expect(byTime).toBe(true);
  });
});
