import { Redis } from 'ioredis';
import { defineOtpPurposes, OtpAdmin } from 'nestjs-sms-otp';
import { ManualClock } from 'nestjs-sms-otp/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { NUMBER, OtpHttpClient, OTHER_NUMBER, textMember, wrongCode } from '../../../test/support/http.js';
import { Evidence, numberCanary, textCanary } from '../../../test/support/leak-search.js';
import { type OtpApp, startOtpApp } from '../../../test/support/otp-app.js';
import { type OtpInstances, startInstances } from '../../../test/support/otp-instances.js';
import { type RedisServer, startRedis } from '../../../test/support/redis-server.js';
import { Desk } from '../src/desk/desk.js';
import { DeskRecorder } from '../src/desk/desk-recorder.js';
import type { DeskSnapshot } from '../src/desk/desk-snapshot.js';
import { deskProviders } from '../src/desk/desk.providers.js';

const NAMESPACE = 'bank';
/** Eight digits, so that none of them is by chance in a time. */
const purposes = defineOtpPurposes({ login: { start: 'public', codeLength: 8, maxAttempts: 10 } });

let redis: RedisServer;
beforeEach(async () => {
  redis = await startRedis();
  return () => redis.stop();
});

/** The module on a clock that stands still, so that both desks look at the same moment. */
function deskOn({ clock, limit = 15 }: { clock: ManualClock; limit?: number }) {
  const limits = { money: { perDay: 20 }, number: { wrongCodes: [{ limit, windowSeconds: 3600 }] } };
  const config = { redisUrl: redis.url, namespace: NAMESPACE };
  return { limits, metadata: { providers: deskProviders({ config, limits, now: () => clock.now() }) } };
}

async function tell({ app }: OtpApp): Promise<void> {
  await app.get(DeskRecorder).flush();
  await app.get(DeskRecorder).report();
}

async function look({ app }: OtpApp): Promise<DeskSnapshot> {
  const view = await app.get(Desk).look();
  if (view.outcome !== 'ok') {
    throw new Error('the desk is unavailable');
  }
  return view.snapshot;
}

describe('the desks of two instances on one Redis', () => {
  let instances: OtpInstances;
  let clients: readonly [OtpHttpClient, OtpHttpClient];
  let clock: ManualClock;

  beforeEach(async () => {
    clock = new ManualClock(Date.now());
    instances = await startInstances({ redis, namespace: NAMESPACE, clock, purposes, ...deskOn({ clock, limit: 3 }) });
    clients = [instances.client(0), instances.client(1)];
    return () => instances.close();
  });

  async function lookAtBoth(): Promise<readonly [DeskSnapshot, DeskSnapshot]> {
    const [first, second] = instances.apps;
    await tell(first);
    await tell(second);
    return [await look(first), await look(second)];
  }

  it('show the same numbers, of what happened on both', async () => {
    const [first, second] = clients;
    const { challengeId, code } = await first.start();
    await second.verify(challengeId, code);
    await second.create({ phoneNumber: OTHER_NUMBER });
    await first.create({ phoneNumber: OTHER_NUMBER });

    const [one, other] = await lookAtBoth();
    expect(one).toEqual(other);
    expect(one.hour).toEqual({ sent: 2, answered: 1, wrong: 0, refused: 1 });
    expect(one.minutes.at(-1)).toMatchObject(one.hour);
    expect(one.refusals).toEqual([{ kind: 'send', reason: 'throttled', count: 1 }]);
    expect(one.limits).toEqual([{ limit: 'number.cooldown', count: 1 }]);
    expect(one.countries).toEqual([{ country: 'NL', sent: 2, answered: 1, share: 0.5 }]);
    expect(one.cost).toMatchObject({ spent: 0.21, perDay: 20 });
    expect(one.transports).toEqual([expect.objectContaining({ name: 'recording', accepted: 2, openCircuits: 0 })]);
    expect(one.instances).toHaveLength(2);
    expect(one.events.map(({ type }) => type).toSorted()).toEqual([
      'challenge.issued',
      'challenge.issued',
      'challenge.refused',
      'challenge.verified',
      'delivery.accepted',
      'delivery.accepted',
    ]);
  });

  it('show a number that wrong codes have locked, masked, until somebody unlocks it', async () => {
    const [first, second] = clients;
    const { challengeId, code } = await first.start();
    for (const client of [first, second, first]) {
      await client.verify(challengeId, wrongCode(code));
      clock.advanceSeconds(1);
    }
    const [one, other] = await lookAtBoth();
    const admin = instances.apps[0].app.get(OtpAdmin);
    const status = await admin.status(NUMBER);
    const lockedUntil = status.outcome === 'ok' ? status.number.lockedUntil : undefined;
    expect(one.locked).toEqual([
      { destination: '+31*******78', country: 'NL', lane: 'public', until: lockedUntil ?? 'the number is not locked' },
    ]);
    expect(other).toEqual(one);

    await admin.unlock(NUMBER, { actor: 'ann', reason: 'identity checked' });
    clock.advanceSeconds(1);
    expect((await lookAtBoth())[1].locked).toEqual([]);
  });

  it('A6 E6 case 66: leave neither a number nor a code nor an address in Redis, and no key that stays', async () => {
    const [first, second] = clients;
    const { challengeId, code } = await first.start();
    await first.verify(challengeId, wrongCode(code));
    await second.verify(challengeId, code);
    await first.create({ phoneNumber: 'not +31 6 12345678' });
    await instances.apps[0].app.get(OtpAdmin).unlock(NUMBER, { actor: 'ann', reason: `${NUMBER} called, has ${code}` });
    await lookAtBoth();

    const evidence = new Evidence();
    const inspector = new Redis(redis.url);
    for (const key of await inspector.keys(`${NAMESPACE}:desk:*`)) {
      evidence.add(key, await contentOf(inspector, key));
      expect(await inspector.ttl(key)).toBeGreaterThan(0);
    }
    inspector.disconnect();
    expect(evidence.count(`${NAMESPACE}:desk:`)).toBeGreaterThan(6);
    expect(evidence.search([textCanary('masked number', '+31*******78')])).not.toEqual([]);
    const canaries = [
      numberCanary(NUMBER, '31'),
      textCanary('code', code),
      textCanary('wrong code', wrongCode(code)),
      textCanary('challenge id', challengeId),
    ];
    expect(evidence.search(canaries)).toEqual([]);
  });
});

describe('the desk while its Redis is away', () => {
  it.each(['killed', 'frozen'] as const)(
    'L1 %s: says so, logins go on, and what happened meanwhile is counted once after it',
    async (way) => {
      const clock = new ManualClock(Date.now());
      const otp = await startOtpApp({ clock, purposes, ...deskOn({ clock }) });
      const client = new OtpHttpClient(otp);
      await (way === 'killed' ? redis.kill() : redis.pause());

      const created = await client.create();
      expect((await client.verify(textMember(created, 'challengeId'), otp.codeTo(NUMBER))).status).toBe(200);
      await tell(otp);
      expect(await otp.app.get(Desk).look()).toEqual({ outcome: 'unavailable' });

      await (way === 'killed' ? redis.restart() : redis.resume());
      await expect.poll(async () => (await otp.app.get(Desk).look()).outcome).toBe('ok');
      await tell(otp);
      expect((await look(otp)).hour).toEqual({ sent: 1, answered: 1, wrong: 0, refused: 0 });
      await otp.close();
    },
  );

  it('starts and stops without it', async () => {
    await redis.kill();
    const clock = new ManualClock();
    const otp = await startOtpApp({ clock, purposes, ...deskOn({ clock }) });
    expect((await new OtpHttpClient(otp).create()).status).toBe(201);
    await otp.close();
  });
});

/** As it is: a dump may be compressed, and hide what is looked for. */
async function contentOf(client: Redis, key: string): Promise<unknown> {
  switch (await client.type(key)) {
    case 'hash':
      return client.hgetall(key);
    case 'list':
      return client.lrange(key, 0, -1);
    case 'zset':
      return client.zrange(key, '0', '-1');
    default:
      return client.get(key);
  }
}
