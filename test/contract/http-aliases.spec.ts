import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DEPLOYMENTS } from '../support/deployments.js';
import { expectProblem, expectThrottled } from '../support/expect-problem.js';
import { OtpHttpClient } from '../support/http.js';
import type { OtpApp } from '../support/otp-app.js';

type Spelling = string | readonly [phoneNumber: string, country: string];

const bodyOf = (spelling: Spelling) =>
  typeof spelling === 'string' ? { phoneNumber: spelling } : { phoneNumber: spelling[0], country: spelling[1] };

/** Of each handset the first spelling gets the message. */
const HANDSETS: readonly (readonly [name: string, spellings: readonly Spelling[]])[] = [
  [
    'case 31 of the Netherlands',
    [
      '+31612345678',
      ' +31 (0)6-1234.5678 ',
      '(+31) 06 12345678',
      ['06/1234 5678', 'NL'],
      ['0031 6 12345678', 'NL'],
      ['00 31 6 12345678', 'GB'],
      ['011 31 6 12345678', 'US'],
      ['31612345678', 'NL'],
      '+31\u00A06\u202F12345678',
    ],
  ],
  ['case 31 of Russia', [['8 (916) 123-45-67', 'RU'], '+7 916 123 45 67', '+7 8 916 123 45 67', ['89161234567', 'KZ']]],
  ['case 32 of Mexico', ['+52 55 1234 5678', ['55 1234 5678', 'MX'], ['00 52 55 1234 5678', 'MX']]],
  [
    'case 33 of Argentina',
    ['+54 11 15 2345 6789', '+54 9 11 2345 6789', ['011 15 2345-6789', 'AR'], ['9 11 2345 6789', 'AR']],
  ],
  ['case 34 of Italy', ['+39 312 345 6789', ['312 345 6789', 'IT'], ['0039 312 345 6789', 'IT']]],
  [
    'case 35 in the digits of other keyboards',
    ['+３１６８７６５４３２１', ['٠٦٨٧٦٥٤٣٢١', 'NL'], ['۰۶۸۷۶۵۴۳۲۱', 'NL'], '+31687654321'],
  ],
  ['of Brazil', ['+55 11 96123 4567', ['0 15 11 96123 4567', 'BR'], '+55 011 96123 4567']],
  [
    'of Gabon',
    ['+241 06 12 34 56', '+241 6 12 34 56', '+241 66 12 34 56', ['066 12 34 56', 'GA'], ['06 12 34 56', 'GA']],
  ],
  ['of Palestine', ['+970 59 912 3456', '+972 59 912 3456', ['059 912 3456', 'IL'], ['059 912 3456', 'PS']]],
  ['of Somaliland', ['+252 63 404 6848', '+252 2 404 6848', ['063 404 6848', 'SO']]],
];

const INVALID: readonly (readonly [name: string, spelling: Spelling])[] = [
  ['case 31 00 without a country', '0031612345678'],
  ['case 32 the former Mexican 1', '+52 1 55 1234 5678'],
  ['case 32 the former Mexican 044', ['044 55 1234 5678', 'MX']],
  ['case 33 the Argentinian 9 and 15 at once', '+54 9 11 15 2345 6789'],
  ['case 35 Devanagari digits', '+३१६१२३४५६७८'],
  ['case 36 a zero-width space', '+316\u200B12345678'],
  ['case 36 a newline', '+31612345678\n'],
  ['case 36 text around it', 'call +31612345678'],
  ['case 37 ;ext=', '+31612345678;ext=1'],
  ['case 37 #1', '+31612345678#1'],
  ['case 37 tel:', 'tel:+31612345678'],
  ['case 38 vanity letters', '+1 202 555 CODE'],
  ['case 39 two numbers', '+31612345678,+31687654321'],
  ['the former eight digits of Brazil', '+55 11 8123 4567'],
  ['the trunked radio of Brazil', '+55 11 7234 5678'],
  ['the former eight digits of Côte d’Ivoire', '+225 07 01 23 45'],
  ['the former eight digits of Benin', '+229 97 12 34 56'],
  ['the former eleven digits of Vietnam', '+84 163 123 4567'],
  ['an overseas number as a French one', ['06 90 12 34 56', 'FR']],
  ['case 42 a country to give a national number another meaning', ['+31612345678', 'XX']],
];

const NOT_ALLOWED: readonly (readonly [name: string, spelling: Spelling])[] = [
  ['case 33 an Argentinian number without its 9', '+54 11 2345 6789'],
  ['case 34 an Italian landline', '+39 06 1234 5678'],
  ['case 40 a premium number', '+31 900 1234'],
  ['case 40 a personal number', '+44 70 1234 5678'],
  ['case 40 Iridium', '+881 6 1234 5678'],
  ['case 41 Jamaica, not the United States', '+1 876 555 1234'],
  ['case 41 the Isle of Man, not the United Kingdom', '+44 7624 123456'],
  ['case 41 Kazakhstan, not Russia', '+7 701 123 4567'],
  ['case 41 a Palestinian number behind +972, not Israel', '+972 59 912 3456'],
  ['case 42 Guernsey with the country GB', ['07781 123456', 'GB']],
  ['case 42 the Netherlands dialled from the United States', ['011 31 6 12345678', 'US']],
];

describe.each(DEPLOYMENTS)('spellings and aliases of a number over HTTP, on $name', (deployment) => {
  describe('one cooldown for one handset', () => {
    let otp: OtpApp;
    let client: OtpHttpClient;

    beforeEach(async () => {
      otp = await deployment.start();
      client = new OtpHttpClient(otp);
    });

    afterEach(() => otp.close());

    it.each(HANDSETS)('invariant 5: %s, whichever spelling comes first', async (_name, spellings) => {
      for (const [index, first] of spellings.entries()) {
        expect((await client.create(bodyOf(first))).status, String(first)).toBe(201);
        for (const other of spellings) {
          expectThrottled(await client.create(bodyOf(other)), 30);
        }
        expect(otp.transport.messages).toHaveLength(index + 1);
        // Past the hour every limit of the number but the day's ten has let go.
        otp.clock.advanceSeconds(3601);
      }
    });
  });

  describe('refused before anything is sent', () => {
    let otp: OtpApp;
    let client: OtpHttpClient;

    beforeAll(async () => {
      otp = await deployment.start({
        destinations: { countries: ['US', 'GB', 'RU', 'IL', 'AR', 'IT', 'MX', 'BR'] },
      });
      client = new OtpHttpClient(otp);
    });

    afterAll(() => otp.close());
    afterEach(() => expect(otp.transport.messages).toEqual([]));

    it.each(INVALID)('J1 400 %s', async (_name, spelling) => {
      const answer = await client.create(bodyOf(spelling));
      expectProblem(answer, 400, 'invalid_phone_number');
      expect(answer.body['errors']).toEqual([{ pointer: '#/phoneNumber', detail: answer.body['detail'] }]);
    });

    it.each(NOT_ALLOWED)('403 %s', async (_name, spelling) => {
      expectProblem(await client.create(bodyOf(spelling)), 403, 'destination_not_allowed');
    });

    it('case 32 tells what to leave out', async () => {
      const answer = await client.create({ phoneNumber: '+52 1 55 1234 5678' });
      expect(answer.body['detail']).toMatch(/Leave out the 1/);
    });
  });
});
