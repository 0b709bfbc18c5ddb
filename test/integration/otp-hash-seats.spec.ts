import { availableParallelism } from 'node:os';
import { type CodeHasher, hmacSha256, OtpService } from 'nestjs-sms-otp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultWidth } from '../../libs/otp/src/hashing/hash-seats.js';
import { countHashes } from '../support/counting-hasher.js';
import { wrongCode } from '../support/http.js';
import { WIDE_SHARED_LIMITS } from '../support/limits.js';
import { type OtpApp, startOtpApp } from '../support/otp-app.js';
import { numberOf } from '../support/otp-instances.js';

const WIDTH = defaultWidth();
const SEATS = 64 * WIDTH;
const MORE = 40;

/** Hashes that take as long as the test wants: those of `hold` wait until `release`. */
function heldHasher() {
  const hasher = hmacSha256();
  let held: Promise<void> = Promise.resolve();
  let release: () => void = () => undefined;
  const hashing: CodeHasher = {
    name: 'held',
    occupiesThread: true,
    prepare: () => Promise.resolve(),
    hash: async (input) => held.then(() => hasher.hash(input)),
    verify: async (input, stored) => held.then(() => hasher.verify(input, stored)),
  };
  return {
    hashing: countHashes(hashing),
    hold: () => {
      held = new Promise((resolve) => (release = resolve));
    },
    release: () => release(),
  };
}

describe('L2 invariant 10 hashing through the module', () => {
  const hasher = heldHasher();
  let app: OtpApp;
  let otp: OtpService;
  beforeEach(async () => {
    app = await startOtpApp({ hashing: hasher.hashing, limits: WIDE_SHARED_LIMITS });
    otp = app.app.get(OtpService);
  });
  afterEach(() => app.close());

  const issue = (n: number) => otp.issue({ purpose: 'login', phoneNumber: numberOf(n), client: 'none' });

  async function started(n: number) {
    const result = await issue(n);
    if (result.outcome !== 'issued') {
      throw new Error(result.outcome);
    }
    return { challengeId: result.challenge.challengeId, code: app.codeTo(numberOf(n)) };
  }

  it('is as wide as the cores at most', () => {
    expect(WIDTH).toBeLessThanOrEqual(availableParallelism());
  });

  it('never runs more at once than its width; what is beyond the queue is busy and sends nothing', async () => {
    hasher.hold();
    const pending = Array.from({ length: SEATS + MORE }, (_, n) => issue(n));
    const busy = await Promise.all(pending.slice(SEATS));
    expect(busy).toEqual(Array.from({ length: MORE }, () => ({ outcome: 'busy', retryAfterSeconds: 1 })));
    hasher.release();
    const results = await Promise.all(pending.slice(0, SEATS));
    expect(results.every(({ outcome }) => outcome === 'issued')).toBe(true);
    expect(app.transport.messages).toHaveLength(SEATS);
    expect(hasher.hashing.peak).toBe(WIDTH);

    // Nothing was taken from the numbers that met a full queue.
    const again = await Promise.all(Array.from({ length: MORE }, (_, n) => issue(SEATS + n)));
    expect(again.every(({ outcome }) => outcome === 'issued')).toBe(true);
  });

  it('an answer beyond the queue costs no attempt', async () => {
    const challenges: Awaited<ReturnType<typeof started>>[] = [];
    for (let n = 0; n < SEATS + MORE; n += 1) {
      challenges.push(await started(n));
    }
    const answer = ({ challengeId, code }: { challengeId: string; code: string }) =>
      otp.verify({ purpose: 'login', challengeId, code: wrongCode(code), client: 'none' });
    const comparedBefore = hasher.hashing.comparisons;

    hasher.hold();
    const pending = challenges.map(answer);
    const busy = await Promise.all(pending.slice(SEATS));
    expect(busy.every(({ outcome }) => outcome === 'busy')).toBe(true);
    hasher.release();
    const results = await Promise.all(pending.slice(0, SEATS));
    expect(results.every(({ outcome }) => outcome === 'incorrect_code')).toBe(true);
    expect(hasher.hashing.comparisons - comparedBefore).toBe(SEATS);
    expect(hasher.hashing.peak).toBe(WIDTH);

    const afterwards = await Promise.all(challenges.slice(SEATS).map(answer));
    expect(afterwards).toEqual(afterwards.map(() => ({ outcome: 'incorrect_code', attemptsRemaining: 4 })));
  });
});
