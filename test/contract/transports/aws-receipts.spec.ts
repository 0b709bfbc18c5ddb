import https from 'node:https';
import { PassThrough } from 'node:stream';
import MessageValidator from 'sns-validator';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ReceiptRequest } from '../../../libs/otp/src/delivery/receipts/receipt-reader.js';
import { aws, type AwsReceiptOptions } from '../../../libs/otp/src/delivery/transports/aws.transport.js';
import {
  answer,
  garbage,
  halfAnswer,
  ProviderServer,
  type Reaction,
  redirect,
  reset,
} from '../../support/provider-server.js';
import { type SnsFields, SnsSigner } from '../../support/sns-signer.js';

const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:otp-receipts';
const HOST = 'https://sns.eu-west-1.amazonaws.com';
const CERTIFICATE_URL = `${HOST}/SimpleNotificationService-${'a'.repeat(32)}.pem`;
const DAY = 86_400_000;
/** Certificates of the tests are made a little later than this line. */
const now = Date.now() + 60_000;

let signer: SnsSigner;
let other: SnsSigner;

beforeAll(async () => {
  [signer, other] = await Promise.all([SnsSigner.create(), SnsSigner.create()]);
});

const event = (members: object = {}) =>
  JSON.stringify({
    eventType: 'TEXT_DELIVERED',
    eventVersion: '1.0',
    eventTimestamp: now,
    isFinal: true,
    originationPhoneNumber: '+31970001',
    destinationPhoneNumber: '+31612345678',
    messageId: 'msg-1',
    messageStatus: 'DELIVERED',
    messageStatusDescription: 'Message has been accepted by phone',
    ...members,
  });

const notification = (members: object = {}) => ({
  Type: 'Notification',
  MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
  TopicArn: TOPIC,
  Message: event(),
  Timestamp: new Date(now).toISOString(),
  SigningCertURL: CERTIFICATE_URL,
  UnsubscribeURL: `${HOST}/?Action=Unsubscribe&SubscriptionArn=${TOPIC}:x`,
  ...members,
});

const subscribeUrl = (base = HOST, topic = TOPIC) =>
  `${base}/?Action=ConfirmSubscription&TopicArn=${topic}&Token=token-1`;

const confirmation = (members: object = {}) => ({
  Type: 'SubscriptionConfirmation',
  MessageId: '165545c9-2a5c-472c-8df2-7ff2be2b3b1b',
  Token: 'token-1',
  TopicArn: TOPIC,
  Message: 'You have chosen to subscribe to the topic.',
  SubscribeURL: subscribeUrl(),
  Timestamp: new Date(now).toISOString(),
  SigningCertURL: CERTIFICATE_URL,
  ...members,
});

const delivered = {
  outcome: 'read',
  receipts: [{ messageId: 'msg-1', state: 'delivered', detail: 'AWS TEXT_DELIVERED' }],
};

const readerOf = (options: Partial<AwsReceiptOptions> = {}) =>
  aws({
    region: 'eu-west-1',
    receipts: { topicArn: TOPIC, certificateOf: async () => signer.certificate, ...options },
  }).receipts;

type Reader = ReturnType<typeof readerOf>;

const read = async (body: SnsFields | string | Buffer, reader: Reader = readerOf(), at = now) => {
  const request: ReceiptRequest = {
    method: 'POST',
    url: 'https://app.acme.com/otp/webhooks/aws',
    headers: { 'content-type': 'text/plain; charset=UTF-8' },
    body: Buffer.from(typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)),
    now: at,
  };
  return reader?.read(request);
};

describe('M1 receipts through SNS', () => {
  it('says what it takes', () => {
    expect(readerOf({ allowedIps: ['192.0.2.1'], tokens: ['t'.repeat(32)] })).toMatchObject({
      methods: ['POST'],
      contentTypes: ['text/plain', 'application/json'],
      answer: { status: 200 },
      allowedIps: ['192.0.2.1'],
      tokens: ['t'.repeat(32)],
    });
  });

  it.each(['1', '2'])('takes what SNS signed by version %s, with a subject and without', async (version) => {
    expect(await read(signer.sign(notification(), version))).toEqual(delivered);
    expect(await read(signer.sign(notification({ Subject: 'Ünïcode' }), version))).toEqual(delivered);
  });

  it.each([
    ['another key', () => other.sign(notification())],
    ['no signature', () => ({ ...signer.sign(notification()), Signature: undefined })],
    ['an empty signature', () => ({ ...signer.sign(notification()), Signature: '' })],
    ['a truncated signature', () => ({ ...signer.sign(notification()), Signature: cut(signer.sign(notification())) })],
    ['the other version', () => ({ ...signer.sign(notification(), '1'), SignatureVersion: '2' })],
    ['an unknown version', () => ({ ...signer.sign(notification()), SignatureVersion: '3' })],
    ['no version', () => ({ ...signer.sign(notification()), SignatureVersion: undefined })],
    ['a type of another message', () => ({ ...signer.sign(notification()), Type: 'SubscriptionConfirmation' })],
    ['an added subject', () => ({ ...signer.sign(notification()), Subject: 'x' })],
    ['another topic, rightly signed', () => signer.sign(notification({ TopicArn: `${TOPIC}2` }))],
    [
      'another account’s topic, rightly signed',
      () => signer.sign(notification({ TopicArn: TOPIC.replace('123456789012', '999999999999') })),
    ],
    // The text that is signed is the same: another topic's message cannot be read as one of ours.
    [
      'a topic that holds the rest of a message',
      () => signer.sign(notification({ TopicArn: `${TOPIC}\nType\nNotification\n` })),
    ],
  ])('case 76 %s is refused', async (_case, forge) => {
    expect(['forged', 'malformed']).toContain((await read(forge()))?.outcome);
  });

  it('raw delivery has no signature and is not read', async () => {
    expect(await read(event())).toEqual({ outcome: 'malformed' });
  });

  it.each(['', '{', '[]', 'null', '7', '"x"', '{}', Buffer.from([0xff, 0xfe])])('%j is malformed', async (body) => {
    expect(await read(body)).toEqual({ outcome: 'malformed' });
  });

  it('case 76 what stands in a prototype is not read', async () => {
    const signed = JSON.stringify(signer.sign(notification()));
    expect(await read(`{"__proto__":${signed}}`)).toEqual({ outcome: 'malformed' });
  });

  it.each([
    [-3901, 'stale'],
    [-3900, 'read'],
    [-3600, 'read'],
    [300, 'read'],
    [301, 'stale'],
  ])('case 77 published %i seconds from now: %s', async (offset, outcome) => {
    const Timestamp = new Date(now + offset * 1000).toISOString();
    expect(await read(signer.sign(notification({ Timestamp })))).toMatchObject({ outcome });
  });

  it.each(['yesterday', '2027', '1800000000', '2027-01-15T08:00:00+02:00', '2027-99-15T08:00:00Z'])(
    'case 77 the time %j is none',
    async (Timestamp) => {
      expect((await read(signer.sign(notification({ Timestamp }))))?.outcome).not.toBe('read');
    },
  );

  it.each<[string, boolean, string]>([
    ['TEXT_DELIVERED', true, 'delivered'],
    ['TEXT_DELIVERED', false, 'delivered'],
    ['TEXT_SUCCESSFUL', false, 'sent'],
    ['TEXT_SUCCESSFUL', true, 'sent'],
    ...[
      'INVALID',
      'INVALID_MESSAGE',
      'UNREACHABLE',
      'CARRIER_UNREACHABLE',
      'BLOCKED',
      'CARRIER_BLOCKED',
      'SPAM',
      'TTL_EXPIRED',
      'PROTECT_BLOCKED',
    ].map((name): [string, boolean, string] => [`TEXT_${name}`, true, 'failed']),
  ])('%s (final: %s) is %s', async (eventType, isFinal, state) => {
    const signed = signer.sign(notification({ Message: event({ eventType, isFinal }) }));
    expect(await read(signed)).toEqual({
      outcome: 'read',
      receipts: [{ messageId: 'msg-1', state, detail: `AWS ${eventType}` }],
    });
  });

  it.each([
    ['queued', event({ eventType: 'TEXT_QUEUED' })],
    ['pending', event({ eventType: 'TEXT_PENDING' })],
    ['unknown', event({ eventType: 'TEXT_UNKNOWN' })],
    ['a failure that is tried again', event({ eventType: 'TEXT_UNREACHABLE', isFinal: false })],
    ['a failure that does not say whether it is final', event({ eventType: 'TEXT_BLOCKED', isFinal: undefined })],
    ['a call', event({ eventType: 'VOICE_COMPLETED' })],
    ['a name of a prototype', event({ eventType: 'constructor' })],
    ['no id', event({ messageId: undefined })],
    ['an id that breaks lines', event({ messageId: 'a\nb' })],
    ['something else', 'Hello'],
    ['a list', '[]'],
  ])('%s: read, and no receipt', async (_case, Message) => {
    expect(await read(signer.sign(notification({ Message })))).toEqual({ outcome: 'read', receipts: [] });
  });

  it('the end of a subscription is no receipt, and nothing is visited', async () => {
    const ended = signer.sign(confirmation({ Type: 'UnsubscribeConfirmation' }));
    expect(await read(ended)).toEqual({ outcome: 'read', receipts: [] });
    expect(await read({ ...ended, Token: 'token-2' })).toEqual({ outcome: 'forged' });
  });
});

describe('M1 the certificate', () => {
  it.each([
    'http://sns.eu-west-1.amazonaws.com/a.pem',
    'https://sns.eu-west-1.amazonaws.com:8443/a.pem',
    'https://sns.eu-west-1.amazonaws.com:443/a.pem',
    'https://user@sns.eu-west-1.amazonaws.com/a.pem',
    'https://sns.eu-west-1.amazonaws.com@evil.com/a.pem',
    'https://sns.eu-west-1.amazonaws.com.evil.com/a.pem',
    'https://evil.com/sns.eu-west-1.amazonaws.com/a.pem',
    'https://sns.evil.amazonaws.com.evil.com/a.pem',
    'https://evil-sns.eu-west-1.amazonaws.com/a.pem',
    'https://sns.us-east-1.amazonaws.com/a.pem',
    'https://sns.eu-west-1.amazonaws.com.cn/a.pem',
    'https://bucket.s3.eu-west-1.amazonaws.com/a.pem',
    'https://sns.eu-west-1.amazonaws.com/a.pem?x',
    'https://sns.eu-west-1.amazonaws.com/?Action=x&y=.pem',
    'https://sns.eu-west-1.amazonaws.com/a.pem#x',
    'https://sns.eu-west-1.amazonaws.com/a.txt',
    'https://sns.eu-west-1.amazonaws.com/.pem/x',
    'https://sns.eu-west-1.amazonaws.com/a/../b/c.pem',
    'https://SNS.eu-west-1.amazonaws.com/a.pem',
    ' https://sns.eu-west-1.amazonaws.com/a.pem',
    '//sns.eu-west-1.amazonaws.com/a.pem',
    '',
  ])('is fetched from SNS of the topic’s region only, not from %j', async (SigningCertURL) => {
    const asked: string[] = [];
    const reader = readerOf({
      certificateOf: async (url) => {
        asked.push(url);
        return signer.certificate;
      },
    });
    expect(await read(signer.sign(notification({ SigningCertURL })), reader)).toEqual({ outcome: 'forged' });
    expect(asked).toEqual([]);
  });

  it('is asked for once, also by calls at the same time', async () => {
    const asked: string[] = [];
    const reader = readerOf({
      certificateOf: async (url) => {
        asked.push(url);
        return signer.certificate;
      },
    });
    const signed = signer.sign(notification());
    expect(await Promise.all([read(signed, reader), read(signed, reader)])).toEqual([delivered, delivered]);
    expect(await read(signed, reader)).toEqual(delivered);
    expect(asked).toEqual([CERTIFICATE_URL]);
  });

  it('L1 one that cannot be had is asked for again, and the call should come again', async () => {
    let isThere = false;
    const reader = readerOf({
      certificateOf: () => (isThere ? Promise.resolve(signer.certificate) : Promise.reject(new Error('vault'))),
    });
    const signed = signer.sign(notification());
    expect(await read(signed, reader)).toEqual({ outcome: 'unavailable' });
    isThere = true;
    expect(await read(signed, reader)).toEqual(delivered);
  });

  it('L1 is waited for 5 seconds', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const reading = read(
        signer.sign(notification()),
        readerOf({ certificateOf: () => new Promise(() => undefined) }),
      );
      await vi.advanceTimersByTimeAsync(5000);
      expect(await reading).toEqual({ outcome: 'unavailable' });
    } finally {
      vi.useRealTimers();
    }
  });

  it('L1 no more than four are asked for at once, and the right one stays known', async () => {
    const waiting: ((pem: string) => void)[] = [];
    const reader = readerOf({
      certificateOf: (url) =>
        url === CERTIFICATE_URL
          ? Promise.resolve(signer.certificate)
          : new Promise<string>((resolve) => waiting.push(resolve)),
    });
    expect(await read(signer.sign(notification()), reader)).toEqual(delivered);
    const flood = Array.from({ length: 6 }, (_, index) =>
      read(other.sign(notification({ SigningCertURL: `${HOST}/${index}.pem` })), reader),
    );
    expect(await Promise.all(flood.slice(4))).toEqual([{ outcome: 'unavailable' }, { outcome: 'unavailable' }]);
    expect(await read(signer.sign(notification()), reader)).toEqual(delivered);
    waiting.forEach((resolve) => resolve('no certificate'));
    expect(await Promise.all(flood.slice(0, 4))).toEqual(Array.from({ length: 4 }, () => ({ outcome: 'forged' })));
    expect(waiting).toHaveLength(4);
  });

  it('L1 neither other spellings of its address nor old certificates drive out the right one', async () => {
    const old = await SnsSigner.create({ days: 1 });
    const at = now + 2 * DAY;
    let isDown = false;
    const reader = readerOf({
      certificateOf: async (url) => {
        if (isDown) {
          throw new Error('down');
        }
        return url.includes('old') ? old.certificate : signer.certificate;
      },
    });
    const timely = (members: object = {}) => notification({ Timestamp: new Date(at).toISOString(), ...members });
    expect(await read(signer.sign(timely()), reader, at)).toEqual(delivered);
    const file = CERTIFICATE_URL.slice(HOST.length + 1);
    const strangers = [
      ...['./', '%2e/', 'x/../', '\t', '\\'].map((spelling) => `${HOST}/${spelling}${file}`),
      `${CERTIFICATE_URL}?`,
      `${HOST}/S\nimple${file.slice('Simple'.length)}`,
      ...[1, 2, 3, 4].map((number) => `${HOST}/old-${number}.pem`),
    ];
    for (const SigningCertURL of strangers) {
      expect(await read(other.sign(timely({ SigningCertURL })), reader, at)).toEqual({ outcome: 'forged' });
    }
    isDown = true;
    expect(await read(signer.sign(timely()), reader, at)).toEqual(delivered);
  });

  it.each(['no certificate', '', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'])(
    '%j is no certificate',
    async (pem) => {
      const reader = readerOf({ certificateOf: async () => pem });
      expect(await read(signer.sign(notification()), reader)).toEqual({ outcome: 'forged' });
    },
  );

  it('a weak key or a foreign name signs nothing', async () => {
    for (const options of [
      { bits: 1024 },
      ...['evil.com', 'xsns.amazonaws.com', 'sns.amazonaws.com.evil.com'].map((commonName) => ({ commonName })),
    ]) {
      const weak = await SnsSigner.create(options);
      const reader = readerOf({ certificateOf: async () => weak.certificate });
      expect(await read(weak.sign(notification()), reader)).toEqual({ outcome: 'forged' });
    }
  });

  it.each(['sns.amazonaws.com', 'sns-signing.af-south-1.amazonaws.com', 'sns-cn-north-1.amazonaws.com.cn'])(
    'the name %s is one of SNS',
    async (commonName) => {
      const named = await SnsSigner.create({ commonName });
      const reader = readerOf({ certificateOf: async () => named.certificate });
      expect(await read(named.sign(notification()), reader)).toEqual(delivered);
    },
  );

  it('is good within its time only', async () => {
    const at = (time: number) => signer.sign(notification({ Timestamp: new Date(time).toISOString() }));
    const reader = readerOf();
    expect(await read(at(now + 29 * DAY), reader, now + 29 * DAY)).toEqual(delivered);
    expect(await read(at(now + 31 * DAY), reader, now + 31 * DAY)).toEqual({ outcome: 'forged' });
    expect(await read(at(now - DAY), reader, now - DAY)).toEqual({ outcome: 'forged' });
  });
});

describe('what is fetched from SNS', () => {
  let sns: ProviderServer;

  // The addresses of SNS lead to this machine; all else of `fetch` is Node's own.
  beforeEach(async () => {
    sns = await ProviderServer.start();
    const real = globalThis.fetch;
    vi.stubGlobal('fetch', (request: Request, init?: RequestInit) => {
      if (!request.url.startsWith(`${HOST}/`)) {
        throw new Error(`called ${request.url}`);
      }
      return real(new Request(`${sns.url}${request.url.slice(HOST.length)}`, request), init);
    });
  });

  afterEach(async () => {
    vi.unstubAllGlobals();
    await sns.close();
  });

  const reader = () => aws({ region: 'eu-west-1', receipts: { topicArn: TOPIC } }).receipts;

  it('the certificate', async () => {
    sns.reaction = answer(200, signer.certificate);
    expect(await read(signer.sign(notification()), reader())).toEqual(delivered);
    expect(sns.seen).toMatchObject([{ method: 'GET', url: CERTIFICATE_URL.slice(HOST.length), body: '' }]);
  });

  it.each([
    ['none', answer(404)],
    ['an error', answer(500)],
    ['half of one', halfAnswer(200, '-----BEGIN CERTIFICATE-----')],
    ['what is not HTTP', garbage],
    ['a broken connection', reset],
    ['a redirect', redirect(`${HOST}/other.pem`)],
  ] satisfies [string, Reaction][])('L1 unavailable where SNS answers %s', async (_case, reaction) => {
    sns.reaction = reaction;
    expect(await read(signer.sign(notification()), reader())).toEqual({ outcome: 'unavailable' });
    expect(sns.seen).toHaveLength(1);
  });

  it('an endless certificate is cut and refused', async () => {
    sns.reaction = answer(200, `${'x'.repeat(70_000)}${signer.certificate}`);
    expect(await read(signer.sign(notification()), reader())).toEqual({ outcome: 'forged' });
  });

  it('the confirmation of a subscription', async () => {
    sns.reaction = answer(200, '<ConfirmSubscriptionResponse/>');
    expect(await read(signer.sign(confirmation()))).toEqual({ outcome: 'read', receipts: [] });
    expect(sns.seen).toMatchObject([{ method: 'GET', url: subscribeUrl('') }]);
  });

  it.each([
    ['an error', answer(500)],
    ['a refusal', answer(403)],
    ['a broken connection', reset],
    ['a redirect', redirect(subscribeUrl())],
  ] satisfies [string, Reaction][])('SNS should come again when its confirmation meets %s', async (_case, reaction) => {
    sns.reaction = reaction;
    expect(await read(signer.sign(confirmation()))).toEqual({ outcome: 'unavailable' });
    expect(sns.seen).toHaveLength(1);
  });

  it.each([
    ['another host', { SubscribeURL: subscribeUrl('https://evil.com') }],
    ['another region', { SubscribeURL: subscribeUrl('https://sns.us-east-1.amazonaws.com') }],
    ['plain HTTP', { SubscribeURL: subscribeUrl('http://sns.eu-west-1.amazonaws.com') }],
    ['a port', { SubscribeURL: subscribeUrl(`${HOST}:444`) }],
    ['credentials', { SubscribeURL: subscribeUrl('https://a:b@sns.eu-west-1.amazonaws.com') }],
    ['another topic', { SubscribeURL: subscribeUrl(HOST, `${TOPIC}2`) }],
    ['two topics', { SubscribeURL: `${subscribeUrl()}&TopicArn=${TOPIC}2` }],
    ['another action', { SubscribeURL: subscribeUrl().replace('ConfirmSubscription', 'DeleteTopic') }],
    ['another token', { Token: 'token-2' }],
    ['a path', { SubscribeURL: subscribeUrl(`${HOST}/x`) }],
    ['no address', { SubscribeURL: '' }],
    ['a message of another topic', { TopicArn: `${TOPIC}2` }],
  ])('never visits %s, though rightly signed', async (_case, members) => {
    sns.reaction = answer(200);
    expect(await read(signer.sign(confirmation(members)))).toEqual({ outcome: 'forged' });
    expect(sns.seen).toHaveLength(0);
  });

  it('never visits what is not signed, or too old', async () => {
    sns.reaction = answer(200);
    expect(await read(other.sign(confirmation()))).toEqual({ outcome: 'forged' });
    const old = new Date(now - DAY / 2).toISOString();
    expect(await read(signer.sign(confirmation({ Timestamp: old })))).toEqual({ outcome: 'stale' });
    expect(sns.seen).toHaveLength(0);
  });
});

describe('AWS’s own validator agrees', () => {
  const realGet = https.get;

  // It fetches certificates by `https.get` from amazonaws.com, which no test can: that one call is answered here.
  beforeEach(() => {
    const get = (_url: string, respond: (response: PassThrough & { statusCode: number }) => void) => {
      const response = Object.assign(new PassThrough(), { statusCode: 200 });
      respond(response);
      response.end(signer.certificate);
      return new PassThrough();
    };
    Reflect.set(https, 'get', get);
  });

  afterEach(() => {
    Reflect.set(https, 'get', realGet);
  });

  const oracle = new MessageValidator();
  const accepts = (body: string) =>
    new Promise<boolean>((resolve) => {
      try {
        oracle.validate(body, (error) => resolve(error === null));
      } catch {
        resolve(false);
      }
    });

  it.each(['1', '2'])('on what is right (version %s)', async (version) => {
    for (const fields of [notification(), notification({ Subject: 'x' }), notification({ Message: 'a\nType\nb' })]) {
      const body = JSON.stringify(signer.sign(fields, version));
      expect(await accepts(body)).toBe(true);
      expect(await read(body)).toMatchObject({ outcome: 'read' });
    }
  });

  it('on who may sign', async () => {
    const body = JSON.stringify(other.sign(notification()));
    expect(await accepts(body)).toBe(false);
    expect(await read(body)).toEqual({ outcome: 'forged' });
    const elsewhere = JSON.stringify(signer.sign(notification({ SigningCertURL: 'https://evil.com/a.pem' })));
    expect(await accepts(elsewhere)).toBe(false);
    expect(await read(elsewhere)).toEqual({ outcome: 'forged' });
  });

  it.each(['1', '2'])('case 76 on every changed byte (version %s)', { timeout: 60_000 }, async (version) => {
    const signed = signer.sign(notification({ Subject: 'x' }), version);
    const right = Buffer.from(JSON.stringify(signed));
    const reader = readerOf();
    expect(await read(right, reader)).toEqual(delivered);
    let refused = 0;
    for (let at = 0; at < right.length; at += 1) {
      const changed = Buffer.from(right);
      changed[at] = (changed[at] ?? 0) ^ 1;
      const ours = await read(changed, reader);
      if (ours?.outcome === 'read') {
        // What is not signed: the address for unsubscribing, and the certificate's among those of SNS.
        expect(ours).toEqual(delivered);
        expect(await accepts(changed.toString('utf8'))).toBe(true);
        expect(withoutUnsigned(changed)).toEqual(withoutUnsigned(right));
      } else {
        refused += 1;
      }
    }
    const unsigned = JSON.stringify({ UnsubscribeURL: notification().UnsubscribeURL, SigningCertURL: CERTIFICATE_URL });
    expect(refused).toBeGreaterThan(right.length - unsigned.length);
  });

  it('case 78 a body that is written anew holds the same values, which are what is signed', async () => {
    const pretty = JSON.stringify(signer.sign(notification()), undefined, 2);
    expect(await accepts(pretty)).toBe(true);
    expect(await read(pretty)).toEqual(delivered);
    const trimmed = JSON.stringify({ ...signer.sign(notification()), Message: `${event()} ` });
    expect(await accepts(trimmed)).toBe(false);
    expect(await read(trimmed)).toEqual({ outcome: 'forged' });
  });
});

/** The values that a signature covers, by name. */
function withoutUnsigned(body: Buffer): unknown {
  const fields: unknown = JSON.parse(body.toString('utf8'));
  const covered = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type', 'SignatureVersion', 'Signature'];
  return Object.fromEntries(Object.entries(fields ?? {}).filter(([key]) => covered.includes(key)));
}

function cut(signed: SnsFields): string {
  return String(signed['Signature']).slice(4);
}
