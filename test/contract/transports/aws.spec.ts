import { PinpointSMSVoiceV2Client } from '@aws-sdk/client-pinpoint-sms-voice-v2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endpointOf } from '../../../libs/otp/src/delivery/transports/aws-client.js';
import { aws, type AwsOptions } from '../../../libs/otp/src/delivery/transports/aws.transport.js';
import { expectNothingTold, KEY, NO_ABORT, OUTGOING } from '../../support/outgoing.js';
import { describeProviderFailures } from '../../support/provider-failures.js';
import { answer, halfAnswer, hang, ProviderServer, type Reaction } from '../../support/provider-server.js';

let provider: ProviderServer;

beforeEach(async () => {
  provider = await ProviderServer.start();
});

afterEach(async () => {
  await provider.close();
});

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: KEY };
const make = (options: Partial<AwsOptions> = {}) =>
  aws({ region: 'eu-west-1', endpoint: provider.url, credentials, ...options });
const send = (options?: Partial<AwsOptions>, changed: Partial<typeof OUTGOING> = {}) =>
  make(options).send({ ...OUTGOING, ...changed }, { signal: NO_ABORT });

/** An exception as the service writes it (AWS JSON 1.0). */
const exception = (status: number, name: string, members: object = {}): Reaction =>
  answer(
    status,
    { __type: `com.amazonaws.pinpointsmsvoicev2#${name}`, Message: `${OUTGOING.to}: ${OUTGOING.text}`, ...members },
    { 'content-type': 'application/x-amz-json-1.0' },
  );

async function withEnvironment(set: Readonly<Record<string, string>>, task: () => Promise<void>): Promise<void> {
  Object.assign(process.env, set);
  try {
    await task();
  } finally {
    Object.keys(set).forEach((name) => Reflect.deleteProperty(process.env, name));
  }
}

const keyOf = (authorization = '') => /Credential=([^/]*)\//.exec(authorization)?.[1];

describe('what is sent', () => {
  it('a transactional message in the client’s own protocol, signed', async () => {
    provider.reaction = answer(200, { MessageId: 'msg-1' });
    expect(await send()).toEqual({ outcome: 'accepted', messageId: 'msg-1' });
    expect(provider.last).toMatchObject({ method: 'POST', url: '/' });
    expect(provider.last.headers).toMatchObject({
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'PinpointSMSVoiceV2.SendTextMessage',
      'amz-sdk-request': 'attempt=1; max=1',
      authorization: expect.stringMatching(
        /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/sms-voice\/aws4_request, /,
      ),
    });
    expect(JSON.parse(provider.last.body)).toEqual({
      DestinationPhoneNumber: OUTGOING.to,
      MessageBody: OUTGOING.text,
      MessageType: 'TRANSACTIONAL',
      TimeToLive: 300,
    });
  });

  it('with all options', async () => {
    provider.reaction = answer(200, { MessageId: 'msg-1' });
    await send({
      originationIdentity: { default: 'Acme', NL: '+31970001' },
      configurationSetName: 'otp',
      maxPriceUsd: 0.15,
      protectConfigurationId: 'protect-1',
      feedback: true,
      credentials: { ...credentials, sessionToken: 'session' },
    });
    expect(JSON.parse(provider.last.body)).toEqual({
      DestinationPhoneNumber: OUTGOING.to,
      OriginationIdentity: '+31970001',
      MessageBody: OUTGOING.text,
      MessageType: 'TRANSACTIONAL',
      ConfigurationSetName: 'otp',
      MaxPrice: '0.15000',
      TimeToLive: 300,
      ProtectConfigurationId: 'protect-1',
      MessageFeedbackEnabled: true,
    });
    expect(provider.last.headers['x-amz-security-token']).toBe('session');
  });

  it.each([
    [1, 5],
    [30.5, 31],
    [1_000_000, 259_200],
  ])('a code good for %d seconds lives %i', async (ttlSeconds, lives) => {
    provider.reaction = answer(200, { MessageId: 'msg-1' });
    await send({}, { ttlSeconds });
    expect(JSON.parse(provider.last.body)).toMatchObject({ TimeToLive: lives });
  });
});

describe('what an answer means', () => {
  it.each([
    ['ThrottlingException', 400, 'transient'],
    ['InternalServerException', 500, 'transient'],
    ['ServiceQuotaExceededException', 400, 'quota'],
    ['ValidationException', 400, 'configuration'],
    ['AccessDeniedException', 400, 'configuration'],
    ['ResourceNotFoundException', 400, 'configuration'],
    ['ConflictException', 400, 'configuration'],
    ['UnrecognizedClientException', 400, 'configuration'],
    ['InvalidSignatureException', 403, 'configuration'],
    ['ExpiredTokenException', 400, 'configuration'],
  ])('case 56 %s means %s, and is asked once', async (name, status, reason) => {
    provider.reaction = exception(status, name);
    const result = await send();
    expect(result).toEqual({ outcome: 'failed', reason, detail: `AWS ${name}` });
    expect(provider.seen).toHaveLength(1);
  });

  it.each([
    ['ConflictException', 'DESTINATION_PHONE_NUMBER_OPTED_OUT', 'opted-out'],
    ['ConflictException', 'DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION', 'blocked-destination'],
    ['ConflictException', 'DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE', 'blocked-destination'],
    ['ConflictException', 'NO_ORIGINATION_IDENTITIES_FOUND', 'configuration'],
    ['ValidationException', 'DESTINATION_PHONE_NUMBER_OPTED_OUT', 'configuration'],
    ['AccessDeniedException', 'INSUFFICIENT_ACCOUNT_REPUTATION', 'configuration'],
  ])('%s because of %s means %s', async (name, why, reason) => {
    provider.reaction = exception(400, name, { Reason: why });
    expect(await send()).toEqual({ outcome: 'failed', reason, detail: `AWS ${name} ${why}` });
  });

  it.each([
    [400, 'configuration'],
    [402, 'quota'],
    [403, 'configuration'],
    [404, 'configuration'],
    [413, 'configuration'],
    [429, 'transient'],
    [500, 'unknown-outcome'],
    [503, 'unknown-outcome'],
  ])('an exception of no known name with status %i means %s', async (status, reason) => {
    for (const reaction of [
      exception(status, 'NewException', { code: 'ECONNREFUSED', syscall: 'connect' }),
      exception(status, `About${OUTGOING.to}`),
      exception(status, 'constructor'),
      answer(status, '<html></html>'),
      answer(status),
    ]) {
      provider.reaction = reaction;
      expect(await send()).toEqual({ outcome: 'failed', reason, detail: `HTTP ${status}` });
    }
  });

  it('A6 a reason that is none of the service’s is not told', async () => {
    for (const why of [OUTGOING.text, OUTGOING.to, 918273, 'lower', { a: OUTGOING.text }]) {
      provider.reaction = exception(400, 'ConflictException', { Reason: why });
      const result = await send();
      expect(result).toMatchObject({ reason: 'configuration', detail: 'AWS ConflictException' });
      expectNothingTold(result);
    }
  });

  it('a redirect is one, whatever it says', async () => {
    provider.reaction = exception(307, 'ThrottlingException');
    expect(await send()).toEqual({ outcome: 'failed', reason: 'configuration', detail: 'HTTP 307' });
  });

  it('case 56 an exception with status 200: nobody knows', async () => {
    for (const reaction of [exception(200, 'ThrottlingException'), answer(200, { MessageId: 7 })]) {
      provider.reaction = reaction;
      expect(await send()).toMatchObject({ outcome: 'failed', reason: 'unknown-outcome' });
    }
  });
});

describeProviderFailures({
  make: (endpoint, { credential, ...options }) =>
    make({
      endpoint,
      credentials: async () => ({
        accessKeyId: typeof credential === 'function' ? await credential() : credential,
        secretAccessKey: KEY,
      }),
      ...options,
    }),
  accept: (MessageId) => answer(200, { MessageId }),
  authorization: (key) => key,
  shown: ({ authorization }) => keyOf(authorization),
});

describe('credentials and the environment', () => {
  it('a broken set of credentials is none', async () => {
    const broken = JSON.parse('[null, {}, "key", {"accessKeyId":"a"}, {"accessKeyId":"a","secretAccessKey":7}]');
    for (const given of broken) {
      expect(await send({ credentials: () => given })).toMatchObject({ outcome: 'failed', reason: 'transient' });
    }
    expect(provider.seen).toHaveLength(0);
  });

  it('credentials are asked for once a message', async () => {
    let asked = 0;
    provider.reaction = answer(200, { MessageId: 'msg-1' });
    const transport = make({
      credentials: () => {
        asked += 1;
        return credentials;
      },
    });
    await transport.send(OUTGOING, { signal: NO_ABORT });
    await transport.send(OUTGOING, { signal: NO_ABORT });
    expect(asked).toBe(2);
  });

  it('a call that hangs for its credentials holds up no other', async () => {
    const given = [new Promise<typeof credentials>(() => undefined), credentials];
    const transport = make({ credentials: () => given.shift() ?? credentials });
    provider.reaction = answer(200, { MessageId: 'msg-1' });
    const controller = new AbortController();
    const hanging = transport.send(OUTGOING, { signal: controller.signal });
    expect(await transport.send(OUTGOING, { signal: NO_ABORT })).toEqual({ outcome: 'accepted', messageId: 'msg-1' });
    controller.abort();
    expect(await hanging).toMatchObject({ outcome: 'failed', reason: 'transient' });
    expect(provider.seen).toHaveLength(1);
  });

  it('without credentials the client looks for them itself', async () => {
    const nowhere = {
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_SHARED_CREDENTIALS_FILE: '/nowhere',
      AWS_CONFIG_FILE: '/nowhere',
    };
    await withEnvironment(nowhere, async () => {
      const transport = aws({ region: 'eu-west-1', endpoint: provider.url });
      const missing = await transport.send(OUTGOING, { signal: NO_ABORT });
      const detail = 'the credential could not be read';
      expect(missing).toEqual({ outcome: 'failed', reason: 'transient', detail });
      expect(provider.seen).toHaveLength(0);
    });
    await withEnvironment({ ...nowhere, AWS_ACCESS_KEY_ID: 'AKIDOFENV', AWS_SECRET_ACCESS_KEY: KEY }, async () => {
      provider.reaction = answer(200, { MessageId: 'msg-1' });
      await aws({ region: 'eu-west-1', endpoint: provider.url }).send(OUTGOING, { signal: NO_ABORT });
      expect(keyOf(provider.last.headers.authorization)).toBe('AKIDOFENV');
    });
  });

  it('the environment neither moves the service nor repeats a message', async () => {
    const elsewhere = await ProviderServer.start();
    const set = {
      AWS_ENDPOINT_URL: elsewhere.url,
      AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2: elsewhere.url,
      AWS_USE_FIPS_ENDPOINT: 'true',
      AWS_USE_DUALSTACK_ENDPOINT: 'true',
      AWS_MAX_ATTEMPTS: '5',
      AWS_RETRY_MODE: 'adaptive',
    };
    await withEnvironment(set, async () => {
      provider.reaction = exception(500, 'InternalServerException');
      expect(await send()).toMatchObject({ reason: 'transient' });
    });
    expect(provider.seen).toHaveLength(1);
    expect(elsewhere.seen).toHaveLength(0);
    await elsewhere.close();
  });
});

describe('conversion feedback', () => {
  it('tells AWS that the code was entered', async () => {
    provider.reaction = answer(200, { MessageId: 'msg-1', MessageFeedbackStatus: 'RECEIVED' });
    await make({ feedback: true }).confirm?.('msg-1', { signal: NO_ABORT });
    expect(provider.last.headers['x-amz-target']).toBe('PinpointSMSVoiceV2.PutMessageFeedback');
    expect(JSON.parse(provider.last.body)).toEqual({ MessageId: 'msg-1', MessageFeedbackStatus: 'RECEIVED' });
  });

  it('only where it is asked for', () => {
    expect(make().confirm).toBeUndefined();
    expect(make({ feedback: false }).confirm).toBeUndefined();
  });

  it.each([
    ['a refusal', exception(400, 'ResourceNotFoundException'), 'AWS took no feedback: AWS ResourceNotFoundException'],
    ['half an answer', halfAnswer(400), 'AWS took no feedback: the connection broke (ECONNRESET)'],
  ] satisfies [string, Reaction, string][])(
    'A6 after %s it throws, without AWS’s words',
    async (_case, reaction, text) => {
      provider.reaction = reaction;
      const told = make({ feedback: true }).confirm?.('msg-1', { signal: NO_ABORT });
      const error: unknown = await told?.then(() => undefined).catch((thrown: unknown) => thrown);
      expect(error).toEqual(new Error(text));
      expect(error).not.toHaveProperty('cause');
      expect(provider.seen).toHaveLength(1);
    },
  );

  it('L1 ends when there is no answer, and when it is stopped', async () => {
    provider.reaction = hang;
    const inTime = make({ feedback: true, timeoutSeconds: 0.05 }).confirm?.('msg-1', { signal: NO_ABORT });
    await expect(inTime).rejects.toThrow('AWS took no feedback: no answer in time');
    const stopped = make({ feedback: true }).confirm?.('msg-1', { signal: AbortSignal.abort() });
    await expect(stopped).rejects.toThrow('AWS took no feedback: stopped by the caller');
  });
});

describe('options', () => {
  it.each<[string, object]>([
    ['region', { region: '' }],
    ['region', { region: 's3cret.example.com/' }],
    ['region', { region: 'eu-west-1.s3cret.com' }],
    ['endpoint', { endpoint: 'http://s3cret.example.com' }],
    ['name', { name: 's3cret S3CRET' }],
    ['timeoutSeconds', { timeoutSeconds: 0 }],
    ['originationIdentity', { originationIdentity: { NL: 's3cret' } }],
    ['originationIdentity', { originationIdentity: 's3cret GmbH' }],
    ['configurationSetName', { configurationSetName: '' }],
    ['protectConfigurationId', { protectConfigurationId: ' ' }],
    ['maxPriceUsd', { maxPriceUsd: 0 }],
    ['maxPriceUsd', { maxPriceUsd: 100 }],
    ['maxPriceUsd', { maxPriceUsd: Number.NaN }],
    ['credentials', { credentials: { accessKeyId: 's3cret' } }],
    ['credentials', { credentials: 's3cret' }],
    ['receipts.topicArn', { receipts: { topicArn: 'arn:aws:sqs:eu-west-1:123456789012:s3cret' } }],
    ['receipts.topicArn', { receipts: { topicArn: 'arn:aws:sns:evil.com/s3cret:123456789012:otp' } }],
    ['receipts.tokens', { receipts: { topicArn: 'arn:aws:sns:eu-west-1:123456789012:otp', tokens: ['s3cret'] } }],
  ])('a wrong %s is named without its value: %j', (option, wrong) => {
    const attempt = () => aws({ region: 'eu-west-1', ...wrong });
    expect(attempt).toThrow(new RegExp(`^aws: option ${option.replace('.', '\\.')} `));
    expect(attempt).not.toThrow('s3cret');
  });

  it.each(['eu-west-1', 'us-east-2', 'ca-central-1', 'us-gov-west-1', 'cn-north-1'])(
    'goes to where the client goes by itself (%s)',
    (region) => {
      const { config } = new PinpointSMSVoiceV2Client({ region });
      const endpoint = config.endpointProvider({ Region: region, UseFIPS: false, UseDualStack: false });
      expect(`${endpointOf(region)}/`).toBe(endpoint.url.href);
    },
  );

  it.each([
    'Acme',
    '+31970001',
    '12345',
    'pool-0123456789abcdef',
    'arn:aws:sms-voice:eu-west-1:123456789012:pool/pool-1',
  ])('sends as %s', async (originationIdentity) => {
    provider.reaction = answer(200, { MessageId: 'msg-1' });
    await send({ originationIdentity });
    expect(JSON.parse(provider.last.body)).toMatchObject({ OriginationIdentity: originationIdentity });
  });

  it('needs a region only', () => {
    for (const region of ['eu-west-1', 'us-gov-east-1', 'cn-north-1', 'ap-southeast-12', 'us-isob-east-1']) {
      expect(aws({ region })).toMatchObject({ name: 'aws', channels: ['sms'] });
    }
  });
});
