import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DEPLOYMENTS } from '../support/deployments.js';
import { expectProblem, expectThrottled } from '../support/expect-problem.js';
import { OtpHttpClient } from '../support/http.js';
import type { OtpApp } from '../support/otp-app.js';

type Spelling = string | readonly [phoneNumber: string, country: string];

const bodyOf = (spelling: Spelling) =>
  typeof spelling === 'string' ? { phoneNumber: spelling } : { phoneNumber: spelling[0], country: spelling[1] };

/** Of each handset the first spelling gets the message. */
const HANDSETS: readonly { readonly title: string; readonly spellings: readonly Spelling[] }[] = [
  {
    title: 'case 31 of the Netherlands',
    spellings: [
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
  },
  {
    title: 'case 31 of Russia',
    spellings: [['8 (916) 123-45-67', 'RU'], '+7 916 123 45 67', '+7 8 916 123 45 67', ['89161234567', 'KZ']],
  },
  { title: 'case 32 of Mexico', spellings: ['+52 55 1234 5678', ['55 1234 5678', 'MX'], ['00 52 55 1234 5678', 'MX']] },
  {
    title: 'case 33 of Argentina',
    spellings: ['+54 11 15 2345 6789', '+54 9 11 2345 6789', ['011 15 2345-6789', 'AR'], ['9 11 2345 6789', 'AR']],
  },
  { title: 'case 34 of Italy', spellings: ['+39 312 345 6789', ['312 345 6789', 'IT'], ['0039 312 345 6789', 'IT']] },
  {
    title: 'case 35 in the digits of other keyboards',
    spellings: ['+３１６８７６５４３２１', ['٠٦٨٧٦٥٤٣٢١', 'NL'], ['۰۶۸۷۶۵۴۳۲۱', 'NL'], '+31687654321'],
  },
  { title: 'of Brazil', spellings: ['+55 11 96123 4567', ['0 15 11 96123 4567', 'BR'], '+55 011 96123 4567'] },
  {
    title: 'of Gabon',
    spellings: [
      '+241 06 12 34 56',
      '+241 6 12 34 56',
      '+241 66 12 34 56',
      ['066 12 34 56', 'GA'],
      ['06 12 34 56', 'GA'],
    ],
  },
  {
    title: 'of Palestine',
    spellings: ['+970 59 912 3456', '+972 59 912 3456', ['059 912 3456', 'IL'], ['059 912 3456', 'PS']],
  },
  { title: 'of Somaliland', spellings: ['+252 63 404 6848', '+252 2 404 6848', ['063 404 6848', 'SO']] },
];

const INVALID: readonly { readonly title: string; readonly spelling: Spelling }[] = [
  { title: 'J1 case 31 00 without a country', spelling: '0031612345678' },
  { title: 'J1 case 32 the former Mexican 1', spelling: '+52 1 55 1234 5678' },
  { title: 'J1 case 32 the former Mexican 044', spelling: ['044 55 1234 5678', 'MX'] },
  { title: 'J1 case 33 the Argentinian 9 and 15 at once', spelling: '+54 9 11 15 2345 6789' },
  { title: 'J1 case 35 Devanagari digits', spelling: '+३१६१२३४५६७८' },
  { title: 'J1 case 36 a zero-width space', spelling: '+316\u200B12345678' },
  { title: 'J1 case 36 NUL', spelling: '+31612345678\u0000' },
  { title: 'J1 case 36 a newline', spelling: '+31612345678\n' },
  { title: 'J1 case 36 text around it', spelling: 'call +31612345678' },
  { title: 'J1 case 37 ;ext=', spelling: '+31612345678;ext=1' },
  { title: 'J1 case 37 #1', spelling: '+31612345678#1' },
  { title: 'J1 case 37 tel:', spelling: 'tel:+31612345678' },
  { title: 'J1 case 37 phone-context', spelling: '0612345678;phone-context=+31' },
  { title: 'J1 case 38 vanity letters', spelling: '+1 202 555 CODE' },
  { title: 'J1 case 39 two numbers', spelling: '+31612345678,+31687654321' },
  { title: 'the former eight digits of Brazil', spelling: '+55 11 8123 4567' },
  { title: 'the trunked radio of Brazil', spelling: '+55 11 7234 5678' },
  { title: 'the former eight digits of Côte d’Ivoire', spelling: '+225 07 01 23 45' },
  { title: 'the former eight digits of Benin', spelling: '+229 97 12 34 56' },
  { title: 'the former eleven digits of Vietnam', spelling: '+84 163 123 4567' },
  { title: 'an overseas number as a French one', spelling: ['06 90 12 34 56', 'FR'] },
  { title: 'J1 case 42 a country to give a national number another meaning', spelling: ['+31612345678', 'XX'] },
];

const NOT_ALLOWED: readonly { readonly title: string; readonly spelling: Spelling }[] = [
  { title: 'case 33 an Argentinian number without its 9', spelling: '+54 11 2345 6789' },
  { title: 'case 34 an Italian landline', spelling: '+39 06 1234 5678' },
  { title: 'case 40 a premium number', spelling: '+31 900 1234' },
  { title: 'case 40 a personal number', spelling: '+44 70 1234 5678' },
  { title: 'case 40 a number of shared cost', spelling: '+44 843 123 4567' },
  { title: 'case 40 Inmarsat', spelling: '+870 773 111 632' },
  { title: 'case 40 the international premium rate', spelling: '+979 1234 5678 9' },
  { title: 'case 40 Iridium', spelling: '+881 6 1234 5678' },
  { title: 'case 41 Jamaica, not the United States', spelling: '+1 876 555 1234' },
  { title: 'case 41 Antigua, not the United States', spelling: '+1 268 464 1234' },
  { title: 'case 41 the Isle of Man, not the United Kingdom', spelling: '+44 7624 123456' },
  { title: 'case 41 Kazakhstan, not Russia', spelling: '+7 701 123 4567' },
  { title: 'case 41 a Palestinian number behind +972, not Israel', spelling: '+972 59 912 3456' },
  { title: 'case 42 Guernsey with the country GB', spelling: ['07781 123456', 'GB'] },
  { title: 'case 42 the Netherlands dialled from the United States', spelling: ['011 31 6 12345678', 'US'] },
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

    it.each(HANDSETS)('invariant 5 $title: whichever spelling comes first', async ({ spellings }) => {
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

    it.each(INVALID)('$title is 400', async ({ spelling }) => {
      const answer = await client.create(bodyOf(spelling));
      expectProblem(answer, 400, 'invalid_phone_number');
      expect(answer.body['errors']).toEqual([{ pointer: '#/phoneNumber', detail: answer.body['detail'] }]);
    });

    it.each(NOT_ALLOWED)('$title is 403', async ({ spelling }) => {
      expectProblem(await client.create(bodyOf(spelling)), 403, 'destination_not_allowed');
    });

    it('case 32 tells what to leave out', async () => {
      const answer = await client.create({ phoneNumber: '+52 1 55 1234 5678' });
      expect(answer.body['detail']).toMatch(/Leave out the 1/);
    });
  });
});
