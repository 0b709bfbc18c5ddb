import type { OtpClientOption } from 'nestjs-sms-otp';
import { type BenchOtp, freshMemoryStore, freshRedisStore, startOtp } from '../bench-otp.js';
import { cheaplyIssued, RAW_HASH } from '../hashers.js';
import type { BenchRedis } from '../redis.js';
import type { Section } from '../report.js';
import { type Contestant, measureRates, rate, type RoundsOptions } from '../rounds.js';

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
  const hashing: Contestant = { name: HASHES, concurrency: 2, perform: RAW_HASH.argon2 };
  const rates = await measureRates([hashing, ...contestants], rounds);
  await memory.close();
  await onRedis.close();

  const bound = rate(rates, HASHES);
  const figures = contestants.map(({ name }) => {
    const perSecond = rate(rates, name);
    const note = `${Math.round(perSecond).toLocaleString('en-US')}/s, ${(1e6 / perSecond).toFixed(1)} µs each`;
    return { name, value: perSecond / bound, unit: '× hashes', goal: { atLeast: LEAST_RATIO }, note };
  });
  return {
    title: 'Refused sends (number over its cooldown; log off)',
    figures: [{ name: HASHES, value: bound, unit: '/s' }, ...figures],
  };
}

async function refusing(name: string, otp: BenchOtp, client: (n: number) => OtpClientOption): Promise<Contestant> {
  const numbers: string[] = [];
  for (let n = 0; n < NUMBERS; n += 1) {
    numbers.push((await otp.issue()).number);
  }
  let next = 0;
  return {
    name,
    concurrency: IN_FLIGHT,
    perform: () => {
      next = (next + 1) % NUMBERS;
      return otp.refusedIssue(numbers[next] ?? '', client(next));
    },
  };
}

function clientOf(n: number): OtpClientOption {
  return { ip: `10.1.${(n >> 8) & 255}.${n & 255}` };
}
