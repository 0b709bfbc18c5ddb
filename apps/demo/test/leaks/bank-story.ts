import { Redis } from 'ioredis';
import { OtpEvents } from 'nestjs-sms-otp';
import { redisStore } from 'nestjs-sms-otp/redis';
import { ManualClock } from 'nestjs-sms-otp/testing';
import { productionSecrets, startDemo } from '../../../../test/support/demo-app.js';
import { wrongCode } from '../../../../test/support/http.js';
import { type Canary, Evidence, numberCanary, textCanary } from '../../../../test/support/leak-search.js';
import { startRedisMonitor } from '../../../../test/support/redis-monitor.js';
import { startRedis } from '../../../../test/support/redis-server.js';
import { SAMPLE_OPERATOR } from '../../src/desk-operator.js';
import { SimulatedPhone } from '../../src/handset/simulated-phone.js';
import { BankClient } from '../code-step/bank-client.js';

const [NUMBER, OTHER, NEXT] = ['+31612345675', '+31687654325', '+31655443325'];
const PASSWORD = 'canary eggs on bare sand';
const PERSON = 'Canary van der Utrecht';
const PAYEE = 'Canary Harbour Holding';
const IBAN = 'NL91ABNA0417164300';

export interface BankStory {
  /** Logs, events, redirects, Redis' commands and records. */
  readonly evidence: Evidence;
  /** Of six digits: searched for where no other digit is beside them, for times have long runs of digits. */
  readonly codes: readonly string[];
  readonly canaries: readonly Canary[];
  readonly keys: readonly string[];
  readonly keysWithoutTtl: readonly string[];
}

/** Everything that can be done at the bank, and some that cannot, with every exit but the pages watched. */
export async function tellTheStory(): Promise<BankStory> {
  const evidence = new Evidence();
  const redis = await startRedis();
  const monitor = await startRedisMonitor(redis);
  const env = productionSecrets();
  const clock = new ManualClock();
  const demo = await startDemo({
    env: { ...env, REDIS_URL: redis.url },
    clock,
    store: redisStore({ url: redis.url, namespace: 'demo', clock }),
    logger: evidence.logger(),
  });
  demo.app.get(OtpEvents).on('*', (event) => evidence.add(`event ${event.type}`, event));
  const ids = new Set<string>();
  const codes = new Set<string>();

  const browser = () => new BankClient(demo);
  const codeTo = (phoneNumber: string) => {
    const code = demo.lastCodeTo(phoneNumber);
    codes.add(code);
    return code;
  };
  const visit = async (client: BankClient, path: string, fields?: Readonly<Record<string, string>>) => {
    const answer = fields === undefined ? await client.get(path) : await client.send(path, fields);
    evidence.add('location', answer.location ?? '');
    client.cookies.forEach((value) => ids.add(value));
    return answer;
  };
  const enter = async (client: BankClient, phoneNumber: string, more: Readonly<Record<string, string>> = {}) => {
    const answer = await visit(client, '/code', { code: codeTo(phoneNumber), ...more });
    if (answer.status !== 303) {
      throw new Error(`a right code was answered ${String(answer.status)}`);
    }
  };

  // Signing up, with a wrong code and what is no code; then signing in with the password.
  const client = browser();
  const details = { name: PERSON, country: '', phoneNumber: NUMBER, password: PASSWORD };
  await visit(client, '/sign-up', { ...details, phoneNumber: `${NUMBER}x` });
  await visit(client, '/sign-up', details);
  await visit(client, '/sign-up/check', { channel: 'sms' });
  await visit(client, '/code', { code: wrongCode(codeTo(NUMBER)) });
  await visit(client, '/code', { code: `${codeTo(NUMBER)}x` });
  await visit(client, '/code/resend', {});
  clock.advanceSeconds(60);
  await visit(client, '/code/resend', { channel: 'sms' });
  await enter(client, NUMBER, { remember: 'on' });
  await visit(client, '/session/end', {});
  await visit(client, '/password', { country: '', phoneNumber: NUMBER, password: `${PASSWORD}!` });
  await visit(client, '/password', { country: '', phoneNumber: OTHER, password: PASSWORD });

  // Number and code, a transfer, a change of number.
  const other = browser();
  await visit(other, '/sign-in', { country: '', phoneNumber: OTHER });
  await enter(other, OTHER);
  await visit(other, '/transfer', { payee: `<${PAYEE}>`, iban: IBAN, amount: '831,97' });
  clock.advanceSeconds(60);
  await visit(other, '/transfer', { payee: PAYEE, iban: IBAN, amount: '831,97' });
  await enter(other, OTHER);
  clock.advanceSeconds(60);
  await visit(other, '/number', {});
  await enter(other, OTHER);
  await visit(other, '/number/new', { country: '', phoneNumber: NEXT });
  await enter(other, NEXT);
  await visit(other, '/account');
  await visit(other, '/account/sign-out-everywhere', {});

  // The desk.
  const operator = browser();
  await visit(operator, '/desk/sign-in', { password: `${SAMPLE_OPERATOR.password}!` });
  await visit(operator, '/desk/sign-in', { password: SAMPLE_OPERATOR.password });
  await enter(operator, SAMPLE_OPERATOR.phoneNumber);
  await visit(operator, '/desk');

  // Somebody who is signed in, somebody who has yet to enter a code and somebody who has yet to ask for one.
  clock.advanceSeconds(60);
  const last = browser();
  await visit(last, '/sign-in', { country: '', phoneNumber: NEXT });
  await enter(last, NEXT);
  await visit(browser(), '/sign-in', { country: '', phoneNumber: OTHER });
  codeTo(OTHER);
  await visit(browser(), '/sign-up', details);

  // Somebody who does not go on after the form.
  await visit(browser(), '/sign-up', { ...details, phoneNumber: OTHER });

  // Forms that nobody sends.
  for (const body of [{ phoneNumber: NUMBER.repeat(9) }, { [NUMBER]: PASSWORD }, { code: PASSWORD.repeat(9) }]) {
    await visit(browser(), '/sign-in', body);
    await visit(browser(), '/password', body);
    await visit(client, '/code', body);
  }

  await monitor.settle();
  evidence.add('redis commands', monitor.stream);
  monitor.stop();
  const { keys, keysWithoutTtl } = await dump(redis.url, evidence);

  // Then Redis is lost, in the middle of everything.
  await redis.kill();
  await visit(browser(), '/sign-in', { country: '', phoneNumber: NUMBER });
  await visit(browser(), '/password', { country: '', phoneNumber: NUMBER, password: PASSWORD });
  await visit(operator, '/desk');
  const messages = demo.app.get(SimulatedPhone).inbox().length;
  await demo.stop();
  await redis.stop();
  if (messages < 7) {
    throw new Error(`only ${String(messages)} messages were sent`);
  }

  const secrets = Object.values(env).flatMap((secret) => (secret === undefined ? [] : [secret]));
  return {
    evidence,
    codes: [...codes],
    canaries: [
      ...[NUMBER, OTHER, NEXT, SAMPLE_OPERATOR.phoneNumber].map((number) => numberCanary(number, '31')),
      ...secrets.map((secret, n) => textCanary(`secret ${String(n)}`, secret)),
      ...[...ids].map((id, n) => textCanary(`id ${String(n)}`, id)),
      textCanary('password', PASSWORD, SAMPLE_OPERATOR.password),
      textCanary('password hash', 'argon2id$v='),
      textCanary('person', PERSON),
      textCanary('payee', PAYEE),
      textCanary('iban', IBAN),
      textCanary('amount', '831.97', '83197'),
    ],
    keys,
    keysWithoutTtl,
  };
}

async function dump(url: string, evidence: Evidence) {
  const inspector = new Redis(url);
  const keys = await inspector.keys('*');
  const keysWithoutTtl: string[] = [];
  for (const key of keys) {
    evidence.add('redis record', Buffer.concat([Buffer.from(`${key} = `), await contentOf(inspector, key)]));
    if ((await inspector.pttl(key)) <= 0) {
      keysWithoutTtl.push(key);
    }
  }
  inspector.disconnect();
  return { keys, keysWithoutTtl };
}

/** As text and not as Redis packs it: packing would hide what is searched for. */
async function contentOf(redis: Redis, key: string): Promise<Buffer> {
  switch (await redis.type(key)) {
    case 'string':
      return (await redis.getBuffer(key)) ?? Buffer.alloc(0);
    case 'hash':
      return Buffer.from(JSON.stringify(await redis.hgetall(key)));
    case 'zset':
      return Buffer.from((await redis.zrange(key, '0', '-1', 'WITHSCORES')).join(' '));
    case 'list':
      return Buffer.from((await redis.lrange(key, 0, -1)).join(' '));
    case 'set':
      return Buffer.from((await redis.smembers(key)).join(' '));
    case 'stream':
      return Buffer.from(JSON.stringify(await redis.xrange(key, '-', '+')));
    default:
      throw new Error(`a record of a type that is not looked into: ${key}`);
  }
}
