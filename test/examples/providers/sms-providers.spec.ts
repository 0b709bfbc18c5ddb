import { createHmac } from 'node:crypto';
import type { SmsTransport } from 'nestjs-sms-otp';
import { afterEach, expect, it, vi } from 'vitest';
import { NO_ABORT, OUTGOING } from '../../support/outgoing.js';
import { sms as https } from './https.js';
import { sms as infobip } from './infobip.js';
import { sms as messagebird } from './messagebird.js';
import { sms as plivo } from './plivo.js';
import { sms as sinch } from './sinch.js';

const secret = async (name: string) => `the-${name}`;
const SECRETS = ['new-secret', 'old-secret'];
const TOKENS = ['t'.repeat(64)];

afterEach(() => {
  vi.restoreAllMocks();
});

it.each<[string, SmsTransport, object, string, string]>([
  [
    'messagebird',
    messagebird(secret, SECRETS),
    { id: 'id-1' },
    'https://rest.messagebird.com/messages',
    'AccessKey the-messagebird-access-key',
  ],
  [
    'sinch',
    sinch(secret, SECRETS),
    { id: 'id-1' },
    'https://eu.sms.api.sinch.com/xms/v1/a1b2c3d4e5f6/batches',
    'Bearer the-sinch-api-token',
  ],
  [
    'plivo',
    plivo(secret, { authTokens: SECRETS, tokens: TOKENS }),
    { message_uuid: ['id-1'] },
    'https://api.plivo.com/v1/Account/SAXXXXXXXXXXXXXXXXXX/Message/',
    `Basic ${btoa('SAXXXXXXXXXXXXXXXXXX:the-plivo-auth-token')}`,
  ],
  [
    'infobip',
    infobip(secret, TOKENS),
    { messages: [{ messageId: 'id-1', status: { groupName: 'PENDING' } }] },
    'https://abc123.api.infobip.com/sms/3/messages',
    'App the-infobip-api-key',
  ],
  [
    'acme-sms',
    https(secret, SECRETS),
    { id: 'id-1' },
    'https://sms.example.com/v1/messages',
    'Bearer the-acme-sms-key',
  ],
])('%s sends and takes reports', async (name, transport, accepted, url, authorization) => {
  const requests: Request[] = [];
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (request) => {
    if (request instanceof Request) {
      requests.push(request);
    }
    return Response.json(accepted);
  });
  expect(await transport.send(OUTGOING, { signal: NO_ABORT })).toEqual({ outcome: 'accepted', messageId: 'id-1' });
  expect(requests.map((request) => [request.url, request.headers.get('authorization')])).toEqual([
    [url, authorization],
  ]);
  expect(transport).toMatchObject({ name, receipts: expect.anything() });
});

it('https reads its provider’s reports', async () => {
  const read = (report: object) => {
    const body = Buffer.from(JSON.stringify(report));
    const signature = createHmac('sha256', 'old-secret').update(body).digest('hex');
    return https(secret, SECRETS).receipts?.read({
      method: 'POST',
      url: 'https://api.acme.com/otp/webhooks/acme-sms',
      headers: { 'x-acme-signature': `sha256=${signature}` },
      body,
      now: Date.now(),
    });
  };
  const receipts = [{ messageId: 'id-1', state: 'delivered' }];
  expect(read({ id: 'id-1', status: 'DELIVERED' })).toEqual({ outcome: 'read', receipts });
  expect(read({ id: 'id-1', status: 'QUEUED' })).toEqual({ outcome: 'read', receipts: [] });
  expect(read({ inbound: true })).toEqual({ outcome: 'read', receipts: [] });
});
