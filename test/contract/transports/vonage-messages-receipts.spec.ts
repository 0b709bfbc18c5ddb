import { verifySignature } from '@vonage/jwt';
import { type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ReceiptRequest } from '../../../libs/otp/src/delivery/receipts/receipt-reader.js';
import { vonageMessages } from '../../../libs/otp/src/delivery/transports/vonage-messages.transport.js';
import { changedTexts } from '../../support/changed-bytes.js';

const SECRET = 'a-signature-secret-of-the-account-01';
const AT = Math.floor(Date.now() / 1000);
const UUID = 'aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab';
const STATUS = {
  message_uuid: UUID,
  to: '31612345678',
  from: 'Acme',
  channel: 'sms',
  timestamp: '2026-01-01T00:00:00Z',
};
const BODY = JSON.stringify({ ...STATUS, status: 'delivered' });

const sha256 = (body: string) => createHash('sha256').update(body).digest('hex');
const keyOf = (secret: string) => Buffer.from(secret);
const claimsOf = (body = BODY): JWTPayload => ({
  iat: AT,
  jti: 'c5ba8f24-1a14-4c10-bfdf-3fbe8ce511b5',
  iss: 'Vonage',
  payload_hash: sha256(body),
  api_key: 'abcd1234',
  application_id: '78d335fa-323d-0114-9c3d-d6f0d48968cf',
});
const tokenOf = (claims: JWTPayload = claimsOf(), secret = SECRET, alg = 'HS256') =>
  new SignJWT(claims).setProtectedHeader({ alg, typ: 'JWT' }).sign(keyOf(secret));

/** Which no test expects. */
const NOT_READ = { outcome: 'the transport reads no receipts' } as const;

async function read(token: string | undefined, body = BODY, signatureSecrets: readonly string[] = [SECRET]) {
  const { receipts } = vonageMessages({ apiKey: 'k', apiSecret: 'x', from: 'Acme', receipts: { signatureSecrets } });
  const request: ReceiptRequest = {
    method: 'POST',
    url: 'https://app.example.com/otp/webhooks/vonage-messages',
    headers: { 'content-type': 'application/json', authorization: token === undefined ? undefined : `Bearer ${token}` },
    body: Buffer.from(body),
    now: AT * 1000,
  };
  return (await receipts?.read(request)) ?? NOT_READ;
}

const accepted = { outcome: 'read', receipts: [{ messageId: UUID, state: 'delivered' }] };
const forged = { outcome: 'forged' };

describe('M1 the signature', () => {
  it('a token that Vonage’s library accepts is accepted', async () => {
    const token = await tokenOf();
    expect(verifySignature(token, SECRET)).toBe(true);
    expect(await read(token)).toEqual(accepted);
  });

  it('case 76: one changed byte of body or token is refused', async () => {
    const token = await tokenOf();
    for (const body of changedTexts(BODY)) {
      expect(await read(token, body)).toEqual(forged);
    }
    for (const mask of [1, 4, 32]) {
      for (const changed of changedTexts(token, mask)) {
        expect(await read(changed)).toEqual(forged);
      }
    }
  });

  it('case 78: a body written again by a parser is refused', async () => {
    expect(await read(await tokenOf(), JSON.stringify(JSON.parse(BODY), null, 1))).toEqual(forged);
  });

  it.each<[string, () => string | undefined | Promise<string>]>([
    ['missing', () => undefined],
    ['empty', () => ''],
    ['truncated', async () => (await tokenOf()).slice(0, -1)],
    ['without its signature', async () => (await tokenOf()).replace(/[^.]+$/, '')],
    ['with alg none', () => new UnsecuredJWT(claimsOf()).encode()],
    ['of another secret', () => tokenOf(claimsOf(), 'another-secret-of-the-same-length-01')],
    ['of HS384', () => tokenOf(claimsOf(), SECRET, 'HS384')],
    ['of HS512', () => tokenOf(claimsOf(), SECRET, 'HS512')],
    ['of an RSA key', () => rsaToken()],
    ['twice', async () => `${await tokenOf()},Bearer ${await tokenOf()}`],
    ['of another body', () => tokenOf(claimsOf('{}'))],
    ['of no body', () => tokenOf({ iat: AT, jti: 'x', iss: 'Vonage' })],
    ['of a hash that is a list', () => tokenOf({ ...claimsOf(), payload_hash: [sha256(BODY), 'x'] })],
    ['with a header that must be understood', () => criticalToken()],
  ])('case 76: %s is refused', async (_case, tokenOrPromise) => {
    expect(await read(await tokenOrPromise())).toEqual(forged);
  });

  it('the last character of a signature has one spelling', async () => {
    const token = await tokenOf();
    const last = token.at(-1) ?? '';
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const same = Array.from(alphabet).filter((character) => character !== last);
    for (const character of same) {
      expect(await read(token.slice(0, -1) + character)).toEqual(forged);
    }
  });

  it('several secrets are accepted while they are rotated', async () => {
    expect(await read(await tokenOf(), BODY, ['new-secret', SECRET])).toEqual(accepted);
    expect(await read(await tokenOf(), BODY, ['new-secret'])).toEqual(forged);
  });

  it.each([
    [-301, 'stale'],
    [-300, 'read'],
    [300, 'read'],
    [301, 'stale'],
  ])('case 77: made %i s from now is %s', async (seconds, outcome) => {
    expect((await read(await tokenOf({ ...claimsOf(), iat: AT + seconds }))).outcome).toBe(outcome);
  });

  it('case 77: without a time, or expired, is stale', async () => {
    const { iat: _iat, ...claims } = claimsOf();
    expect(await read(await tokenOf(claims))).toEqual({ outcome: 'stale' });
    expect(await read(await tokenOf({ ...claimsOf(), exp: AT - 301 }))).toEqual({ outcome: 'stale' });
    expect(await read(await tokenOf({ ...claimsOf(), exp: AT + 60 }))).toEqual(accepted);
  });
});

function rsaToken(): Promise<string> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return new SignJWT(claimsOf()).setProtectedHeader({ alg: 'RS256' }).sign(privateKey);
}

function criticalToken(): Promise<string> {
  const header = { alg: 'HS256', crit: ['x-new'], 'x-new': true };
  return new SignJWT(claimsOf()).setProtectedHeader(header).sign(keyOf(SECRET), { crit: { 'x-new': true } });
}

describe('what a status means', () => {
  const readStatus = async (content: unknown) => {
    const body = JSON.stringify(content);
    return read(await tokenOf(claimsOf(body)), body);
  };

  it.each([
    ['submitted', 'sent'],
    ['delivered', 'delivered'],
    ['read', 'delivered'],
    ['rejected', 'failed'],
    ['undeliverable', 'failed'],
  ])('%s is %s', async (status, state) => {
    expect(await readStatus({ ...STATUS, status })).toEqual({
      outcome: 'read',
      receipts: [{ messageId: UUID, state }],
    });
  });

  it('an error gives its code and nothing else', async () => {
    const error = {
      type: 'https://developer.vonage.com/api-errors/messages#1190',
      title: '1190',
      detail: 'to 31612345678',
    };
    const receipt = { messageId: UUID, state: 'failed' };
    expect(await readStatus({ ...STATUS, status: 'undeliverable', error })).toEqual({
      outcome: 'read',
      receipts: [{ ...receipt, detail: 'Vonage 1190' }],
    });
    const wordy = { title: '31612345678', type: 918_273 };
    expect(await readStatus({ ...STATUS, status: 'rejected', error: wordy })).toEqual({
      outcome: 'read',
      receipts: [receipt],
    });
  });

  it.each(['queued', 'Delivered', '', null, ['delivered'], 'constructor'])('%j is no receipt', async (status) => {
    expect(await readStatus({ ...STATUS, status })).toEqual({ outcome: 'read', receipts: [] });
  });

  it.each([
    [{ status: 'delivered' }],
    [{ message_uuid: 'a b', status: 'delivered' }],
    [{ message_uuid: 7, status: 'delivered' }],
    [[]],
    [{}],
  ])('signed and about nothing: %j', async (content) => {
    expect(await readStatus(content)).toEqual({ outcome: 'read', receipts: [] });
  });

  it.each([null, 1, 'x'])('signed and no object is malformed: %j', async (content) => {
    expect(await readStatus(content)).toEqual({ outcome: 'malformed' });
  });

  it('signed and no JSON is malformed', async () => {
    expect(await read(await tokenOf(claimsOf('{"message_uuid"')), '{"message_uuid"')).toEqual({ outcome: 'malformed' });
    expect(await read(await tokenOf(claimsOf('')), '')).toEqual({ outcome: 'malformed' });
  });
});
