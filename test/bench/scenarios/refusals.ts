import type { OtpClientOption } from 'nestjs-sms-otp';
import { type BenchOtp, startOtp } from '../bench-otp.js';
import { cheaplyIssued, RAW_HASH } from '../hashers.js';
import { freshMemoryStore, freshRedisStore } from '../otp-settings.js';
import type { BenchRedis } from '../redis.js';
import { perSecond, rate, type Section } from '../report.js';
import { type Contestant, inFlight, measureRates, type RoundsOptions } from '../rounds.js';

const IN_FLIGHT = 64;
const NUMBERS = 1_000;
const LEAST_RATIO = 500;
const HASHES = 'raw hashes, 2 at once';

/** How many sends a second are refused, against how many could be hashed: what a flood costs. */
export async function refusals(redis: BenchRedis, rounds: RoundsOptions): Promise<Section> {
  const memory = await startOtp({ store: freshMemoryStore(), hashing: cheaplyIssued() });
  const onRedis = await startOtp({ store: freshRedisStore(redis), hashing: cheaplyIssued() });
  const contestants = [
    await refusing('memory, no client', memory, () => 'none'),
    await refusing('memory, by IP too', memory, clientOf),
    await refusing('redis, no client', onRedis, () => 'none'),
    await refusing('redis, by IP too', onRedis, clientOf),
  ];
  const rates = await measureRates([inFlight(HASHES, 2, RAW_HASH.argon2), ...contestants], rounds);
  await memory.close();
  await onRedis.close();

  const figures = contestants.map(({ name }) => {
    const each = rates.of(name);
    const note = `${rate(each)}, ${(1e6 / each).toFixed(1)} µs each`;
    return { name, value: rates.ratio(name, HASHES), unit: '× hashes', goal: { atLeast: LEAST_RATIO }, note };
  });
  return {
    title: 'Refused sends (number over its cooldown; log off)',
    figures: [perSecond(HASHES, rates.of(HASHES)), ...figures],
  };
}

async function refusing(name: string, otp: BenchOtp, client: (n: number) => OtpClientOption): Promise<Contestant> {
  const numbers: string[] = [];
  for (let n = 0; n < NUMBERS; n += 1) {
    numbers.push((await otp.issue()).number);
  }
  let next = 0;
  return inFlight(name, IN_FLIGHT, () => {
    next = (next + 1) % NUMBERS;
    return otp.refusedIssue(numbers[next] ?? '', client(next));
  });
}

function clientOf(n: number): OtpClientOption {
  return { ip: `10.1.${(n >> 8) & 255}.${n & 255}` };
}
