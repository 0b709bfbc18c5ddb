import { createHmac } from 'node:crypto';
import { afterEach, expect, it, vi } from 'vitest';
import { NO_ABORT, OUTGOING } from '../../support/outgoing.js';
import { sms as aws } from './aws.js';
import { sms as esendex } from './esendex.js';
import { sms as smstools } from './smstools.js';

const secret = async (name: string) => `the-${name}`;
const TOKENS = ['t'.repeat(64)];
const ID = '1183c73d-2e62-4f60-b610-30f160bdfbd5';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** The provider answers so to all requests, which are listed. */
function provider(answer: object): readonly Request[] {
  const requests: Request[] = [];
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (request) => {
    if (request instanceof Request) {
      requests.push(request);
    }
    return Response.json(answer);
  });
  return requests;
}

const received = (body: string, headers: Record<string, string> = {}) => ({
  method: 'POST' as const,
  url: 'https://api.acme.com/otp/webhooks/x',
  headers,
  body: Buffer.from(body),
  now: Date.now(),
});

it('smstools sends and takes reports', async () => {
  const requests = provider({ messageid: 'msg-1' });
  const transport = smstools(secret, ['next', 'current']);
  expect(await transport.send(OUTGOING, { signal: NO_ABORT })).toEqual({ outcome: 'accepted', messageId: 'msg-1' });
  expect(requests[0]?.url).toBe('https://api.smstools.com/v1/message/send');
  expect(requests[0]?.headers.get('x-client-secret')).toBe('the-smstools-client-secret');
  const body = '{"webhook_type":"delivery_report","message":{"messageid":"msg-1","delivery_code":"1"}}';
  const time = Math.floor(Date.now() / 1000);
  const signature = createHmac('sha256', 'current').update(`${time}.${body}`).digest('hex');
  const headers = { 'x-smstools-signature': `t=${time},v1=${signature}` };
  expect(transport.receipts?.read(received(body, headers))).toMatchObject({ receipts: [{ state: 'delivered' }] });
});

it('esendex sends, calls and takes notifications', async () => {
  const requests = provider({ batch: { messageheaders: [{ id: ID }] }, id: ID, status: 'Delivered' });
  const transport = esendex(secret, TOKENS);
  expect(transport.channels).toEqual(['sms', 'voice']);
  expect(await transport.send(OUTGOING, { signal: NO_ABORT })).toEqual({ outcome: 'accepted', messageId: ID });
  const push = `<MessageDelivered><MessageId>${ID}</MessageId></MessageDelivered>`;
  const reading = await transport.receipts?.read(received(push));
  expect(reading).toMatchObject({ receipts: [{ messageId: ID, state: 'delivered' }] });
  expect(requests.map(({ url }) => url)).toEqual([
    'https://api.esendex.com/v1.0/messagedispatcher',
    `https://api.esendex.com/v1.0/messageheaders/${ID}`,
  ]);
  const basic = `Basic ${btoa('otp@acme.com:the-esendex-api-password')}`;
  expect(requests.map(({ headers }) => headers.get('authorization'))).toEqual([basic, basic]);
});

it('aws takes reports of its topic, and sends nothing from a machine without a role', async () => {
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
  vi.stubEnv('AWS_CONFIG_FILE', '/nowhere');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nowhere');
  const transport = aws();
  const result = await transport.send(OUTGOING, { signal: NO_ABORT });
  expect(result).toMatchObject({ reason: 'transient', detail: 'the credential could not be read' });
  expect(await transport.receipts?.read(received('{}'))).toEqual({ outcome: 'malformed' });
});
