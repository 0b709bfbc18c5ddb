import type { SmsTransport } from 'nestjs-sms-otp';
import { generateKeyPairSync } from 'node:crypto';
import { afterEach, expect, it, vi } from 'vitest';
import { NO_ABORT, OUTGOING } from '../../support/outgoing.js';
import { sms as twilio } from './twilio.js';
import { messages as vonageMessages, sms as vonage } from './vonage.js';

const API_KEY = `SK${'0'.repeat(32)}:the-secret`;
const SECRETS = ['new-secret', 'old-secret'];
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

afterEach(() => {
  vi.restoreAllMocks();
});

it.each<[string, SmsTransport, object, string, RegExp]>([
  [
    'twilio',
    twilio(async () => API_KEY, SECRETS),
    { sid: `SM${'1'.repeat(32)}` },
    'https://api.twilio.com/2010-04-01/Accounts/AC00112233445566778899aabbccddeeff/Messages.json',
    new RegExp(`^Basic ${btoa(API_KEY)}$`),
  ],
  [
    'vonage',
    vonage(async (name) => `the-${name}`, SECRETS),
    { 'message-count': '1', messages: [{ status: '0', 'message-id': 'id-1' }] },
    'https://rest.nexmo.com/sms/json',
    new RegExp(`^Basic ${btoa('abcd1234:the-vonage-api-secret')}$`),
  ],
  [
    'vonage-messages',
    vonageMessages(async () => pem, SECRETS),
    { message_uuid: 'id-1' },
    'https://api.nexmo.com/v1/messages',
    /^Bearer [\w-]+\.[\w-]+\.[\w-]+$/,
  ],
])('%s sends and takes reports', async (name, transport, accepted, url, authorization) => {
  const requests: Request[] = [];
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (request) => {
    if (request instanceof Request) {
      requests.push(request);
    }
    return Response.json(accepted);
  });
  expect(await transport.send(OUTGOING, { signal: NO_ABORT })).toMatchObject({ outcome: 'accepted' });
  expect(requests.map((request) => request.url)).toEqual([url]);
  expect(requests[0]?.headers.get('authorization')).toMatch(authorization);
  expect(transport).toMatchObject({ name, receipts: expect.anything() });
});
