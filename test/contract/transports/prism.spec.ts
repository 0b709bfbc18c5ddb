import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { twilio, type TwilioOptions } from '../../../libs/otp/src/delivery/transports/twilio.transport.js';
import { npmEnvironment } from '../../packaging/packed-library.js';
import { PrismMock } from '../../support/prism.js';
import { NO_ABORT, OUTGOING } from '../../support/outgoing.js';

const run = promisify(execFile);

/** Twilio's own command line brings the OpenAPI file of its interface. */
const PACKAGE = '@twilio/cli-core@9.0.0';
const DOCUMENT = 'package/src/services/twilio-api/twilio_api_v2010.json';
const ACCOUNTS = '/2010-04-01/Accounts/{AccountSid}';
const USED = [`${ACCOUNTS}/Messages.json`, `${ACCOUNTS}/Messages/{MessageSid}/Feedback.json`, `${ACCOUNTS}/Calls.json`];
const START_TIMEOUT_MS = 120_000;

const documentSchema = z.looseObject({ paths: z.record(z.string(), z.unknown()) });

const hex = 'ab12'.repeat(8);
const ACCOUNT = `AC${hex}`;
const FROM = '+15005550006';

let folder: string;
let mock: PrismMock;
let url: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prism-'));
  const { stdout } = await run('npm', ['pack', PACKAGE, '--silent'], { cwd: folder, env: npmEnvironment() });
  await run('tar', ['-xzf', stdout.trim(), DOCUMENT], { cwd: folder });
  const { paths, ...rest } = documentSchema.parse(JSON.parse(await readFile(join(folder, DOCUMENT), 'utf8')));
  // All of it would take minutes to read.
  const used = Object.fromEntries(USED.map((path) => [path, paths[path] ?? expect.fail(`${path} is gone`)]));
  await writeFile(join(folder, 'used.json'), JSON.stringify({ ...rest, paths: used }));
  mock = new PrismMock(join(folder, 'used.json'));
  url = await mock.url();
}, START_TIMEOUT_MS);

afterAll(async () => {
  await mock.close();
  await rm(folder, { recursive: true, force: true });
});

const made = (options: Partial<TwilioOptions>) =>
  twilio({
    accountSid: ACCOUNT,
    baseUrl: url,
    ...(options.apiKey === undefined ? { authToken: 't0ken' } : {}),
    ...options,
  });

const EVERYTHING: Partial<TwilioOptions> = {
  riskCheck: 'enable',
  contentRetention: 'discard',
  addressRetention: 'obfuscate',
  feedback: true,
};

describe('Twilio’s OpenAPI file accepts what the transport sends', () => {
  it.each<[string, Partial<TwilioOptions>, 'sms' | 'voice' | 'whatsapp']>([
    ['an SMS', { from: FROM }, 'sms'],
    ['an SMS by a service, with all options', { messagingServiceSid: `MG${hex}`, ...EVERYTHING }, 'sms'],
    ['an SMS by an API key', { from: 'Acme', apiKey: `SK${hex}:s3cret` }, 'sms'],
    ['a WhatsApp text', { whatsapp: { from: FROM } }, 'whatsapp'],
    ['a WhatsApp template', { whatsapp: { from: FROM, contentSid: `HX${hex}` }, ...EVERYTHING }, 'whatsapp'],
    ['a call', { voice: { from: FROM } }, 'voice'],
  ])('%s', async (_case, options, channel) => {
    const receiptUrl = 'https://app.example.com/otp/webhooks/twilio';
    const result = await made(options).send({ ...OUTGOING, channel }, { signal: NO_ABORT, receiptUrl });
    expect(result).toEqual({ outcome: 'accepted', messageId: expect.stringMatching(/^(?:SM|CA)/) });
  });

  it('conversion feedback', async () => {
    const transport = made({ from: FROM, feedback: true });
    await expect(transport.confirm?.(`SM${hex}`, { signal: NO_ABORT })).resolves.toBeUndefined();
  });
});

describe('and the mock refuses what is wrong', () => {
  const valid = { To: OUTGOING.to, From: FROM, Body: OUTGOING.text, ValidityPeriod: '300' };

  async function post(
    fields: Record<string, string>,
    { path = `${ACCOUNT}/Messages.json`, authorization = `Basic ${btoa('a:b')}` } = {},
  ) {
    const headers = authorization === '' ? {} : { authorization };
    const answer = await fetch(`${url}/2010-04-01/Accounts/${path}`, {
      method: 'POST',
      headers,
      body: new URLSearchParams(fields),
    });
    await answer.text();
    return answer.status;
  }

  it('accepts the request from which the wrong ones are made', async () => {
    expect(await post(valid)).toBe(201);
  });

  it.each<[string, Record<string, string>]>([
    ['no recipient', { From: FROM, Body: 'x' }],
    ['a validity that is no number', { ...valid, ValidityPeriod: 'soon' }],
    ['an unknown word', { ...valid, RiskCheck: 'maybe' }],
    ['a service of another form', { ...valid, MessagingServiceSid: 'MG1' }],
    ['an address of no form', { ...valid, StatusCallback: 'no address' }],
  ])('%s', async (_case, fields) => {
    expect(await post(fields)).toBe(422);
  });

  it('an account of another form, a missing key, another place', async () => {
    expect(await post(valid, { path: 'AC1/Messages.json' })).toBe(422);
    expect(await post(valid, { authorization: '' })).toBe(401);
    expect(await post(valid, { path: `${ACCOUNT}/Messages` })).toBe(404);
  });

  it('a transport whose request is wrong fails', async () => {
    const result = await made({ from: FROM }).send(OUTGOING, { signal: NO_ABORT, receiptUrl: 'no address' });
    expect(result).toEqual({ outcome: 'failed', reason: 'configuration', detail: 'HTTP 422' });
  });
});
