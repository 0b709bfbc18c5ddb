import { randomBytes, randomInt } from 'node:crypto';
import { argon2id, hmacSha256 } from 'nestjs-sms-otp';
import { afterEach, describe, expect, it } from 'vitest';
import { attacked } from '../support/attack-record.js';
import { countHashes } from '../support/counting-hasher.js';
import { clientAt, type DeployedApp, type DeploymentOptions, TWO_INSTANCES } from '../support/deployments.js';
import { trustDevice } from '../support/devices.js';
import { effort } from '../support/effort.js';
import { NUMBER, OtpHttpClient, textMember, wrongCode } from '../support/http.js';
import { DAY, HOUR, WIDE_SHARED_LIMITS } from '../support/limits.js';
import { addressOf } from '../support/otp-instances.js';

/** How far a sum of squares may stand from its mean, in deviations: by chance less than once in 10^8 runs. */
const DEVIATIONS = 8;
const IN_FLIGHT = 20;

/** Σ (seen - expected)² / expected, in deviations from what uniform counts have. */
function chiSquareDeviations(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const sum = counts.reduce((total, count) => total + (count - expected) ** 2 / expected, 0);
  const freedom = counts.length - 1;
  return (sum - freedom) / Math.sqrt(2 * freedom);
}

function histogram(values: readonly number[], bins: number): number[] {
  const counts = Array.from({ length: bins }, () => 0);
  for (const value of values) {
    counts[value] = (counts[value] ?? 0) + 1;
  }
  return counts;
}

/** Pearson's r of each value and the one after it, in deviations from none. */
function serialDeviations(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const together = values.slice(1).reduce((sum, value, n) => sum + (value - mean) * ((values[n] ?? mean) - mean), 0);
  return (together / variance) * Math.sqrt(values.length);
}

/** What is left to chance: two instances on one Redis. */
describe('guessing by chance', { timeout: effort(60_000, 600_000) }, () => {
  const hashing = countHashes(hmacSha256());
  let otp: DeployedApp;

  afterEach(() => otp.close());

  async function start(options: DeploymentOptions = {}): Promise<OtpHttpClient> {
    otp = await TWO_INSTANCES.start({ trustedProxies: ['loopback'], hashing, ...options });
    return new OtpHttpClient(otp);
  }

  it('B1 B4 case 12 beside a victim who signs in every day: 15 guesses in any 24 hours, for ever', async () => {
    const days = effort(3, 30);
    const perDay = 15;
    await start();
    let deviceToken = await trustDevice(clientAt(otp, '192.0.2.1'));
    let strangers = 0;
    const stranger = () => clientAt(otp, addressOf((strangers += 1)));
    const times: number[] = [];
    for (let hour = 0; hour < days * 24; hour++) {
      otp.clock.advanceSeconds(HOUR);
      if (hour % 24 === 0) {
        // Each success replaces the token of the one before.
        deviceToken = await trustDevice(clientAt(otp, '192.0.2.1', { 'OTP-Device': deviceToken }));
      }
      const challenge = await stranger().create();
      for (let guess = 0; guess < 5 && challenge.status === 201; guess++) {
        const code = wrongCode(otp.codeTo(NUMBER));
        const { status } = await stranger().verify(textMember(challenge, 'challengeId'), code);
        if (status === 422) {
          times.push(otp.clock.now());
        }
      }
    }
    const most = Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + DAY * 1000).length));
    attacked({ tried: days * 24 * 5, through: times.length, allowed: days * perDay });
    expect(most).toBe(perDay);
    expect(times.length).toBeGreaterThan((days - 1) * perDay - 1);
  });

  it('A1 case 13 codes of both instances are uniform, and none tells of the next', async () => {
    const count = effort(1_000, 20_000);
    const limits = {
      ...WIDE_SHARED_LIMITS,
      ip: {
        unansweredSends: [{ limit: 1_000_000, windowSeconds: HOUR }],
        sends: [{ limit: 1_000_000, windowSeconds: HOUR }],
      },
    };
    const client = await start({ limits });
    const codes: number[] = [];
    for (let sent = 0; sent < count; sent += IN_FLIGHT) {
      const numbers = Array.from({ length: IN_FLIGHT }, (_, n) => `+316${10_000_000 + sent + n}`);
      const answers = await Promise.all(numbers.map((phoneNumber) => client.create({ phoneNumber })));
      expect(answers.every(({ status }) => status === 201)).toBe(true);
      codes.push(...numbers.map((phoneNumber) => Number(otp.codeTo(phoneNumber))));
    }
    const leading = histogram(
      codes.map((code) => Math.floor(code / 20_000)),
      50,
    );
    const trailing = histogram(
      codes.map((code) => code % 50),
      50,
    );
    const steps = histogram(
      codes.slice(1).map((code, n) => (code - (codes[n] ?? 0) + 1_000_000) % 50),
      50,
    );
    const deviations = [...[leading, trailing, steps].map(chiSquareDeviations), Math.abs(serialDeviations(codes))];
    attacked({ tried: count, through: deviations.filter((deviation) => deviation > DEVIATIONS).length });
    expect(Math.min(...leading, ...trailing)).toBeGreaterThan(0);
  });

  it('L2 cases 62 and 91 of made-up ids none is found, and for none a code is hashed', async () => {
    const tries = effort(300, 20_000);
    const flooded = countHashes(argon2id());
    const client = await start({ hashing: flooded });
    const real = Buffer.from((await client.start()).challengeId, 'base64url');
    otp.clock.advanceSeconds(31);
    const other = Buffer.from((await client.start()).challengeId, 'base64url');
    const forge: readonly (() => Buffer)[] = [
      () => randomBytes(real.length),
      () => flipped(real),
      () => spliced(real, other),
      () => real.subarray(0, randomInt(real.length)),
    ];
    const before = flooded.comparisons;
    let through = 0;
    for (let sent = 0; sent < tries; sent += IN_FLIGHT) {
      const answers = await Promise.all(
        Array.from({ length: IN_FLIGHT }, (_, n) => {
          const id = (forge[n % forge.length] ?? forge[0])?.().toString('base64url') ?? '';
          return client.verify(id === '' ? 'A' : id, '123456');
        }),
      );
      through += answers.filter(({ body }) => body['code'] !== 'challenge_gone').length;
    }
    attacked({ tried: tries, through });
    expect(flooded.comparisons - before).toBe(0);
  });
});

/** One bit another, anywhere. */
function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const at = randomInt(copy.length);
  copy.writeUInt8(copy.readUInt8(at) ^ (1 << randomInt(8)), at);
  return copy;
}

/** The beginning of one, the end of another. */
function spliced(one: Buffer, other: Buffer): Buffer {
  const at = 1 + randomInt(one.length - 1);
  return Buffer.concat([one.subarray(0, at), other.subarray(at)]);
}
