import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { launchBrowser } from '../../../test/support/browser.js';
import { CodePage } from './support/code-page.js';
import { PageServer } from './support/page-server.js';

let browser: Browser;
let server: PageServer;
let code: CodePage;

beforeAll(async () => {
  browser = await launchBrowser();
  server = new PageServer();
  const url = await server.start();
  code = await CodePage.open(await browser.newContext(), `${url}/smallest.html`, { clock: true });
  await code.field.waitFor();
  await code.host.evaluate((host) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.id = 'resend';
    host.after(button);
    host.setAttribute('resend', 'resend');
    host.setAttribute('resend-in', '30');
  });
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

afterEach(() => {
  expect(code.faults).toEqual([]);
});

/** The page in another language, with a new code. */
async function speak(lang: string): Promise<void> {
  await code.page.evaluate((tag) => {
    document.documentElement.lang = tag;
  }, lang);
  await code.set({ challenge: lang });
}

it.each([
  {
    lang: 'en',
    label: 'Code',
    validFor: 'Valid for 5:00',
    resend: 'in 0:30',
    few: ['1 digit is missing: the code has 6.', '2 digits are missing: the code has 6.'],
    expired: 'This code has expired. Ask for a new one.',
  },
  {
    lang: 'nl-BE',
    label: 'Code',
    validFor: 'Nog 5:00 geldig',
    resend: 'over 0:30',
    few: ['1 cijfer te weinig: de code heeft er 6.', '2 cijfers te weinig: de code heeft er 6.'],
    expired: 'Deze code is verlopen. Vraag een nieuwe aan.',
  },
  {
    lang: 'fr',
    label: 'Code',
    validFor: 'Valable encore 5:00',
    resend: 'dans 0:30',
    few: ['Il manque 1 chiffre\u00a0: le code en compte 6.', 'Il manque 2 chiffres\u00a0: le code en compte 6.'],
    expired: 'Ce code a expiré. Demandez-en un nouveau.',
  },
  {
    lang: 'de-AT',
    label: 'Code',
    validFor: 'Noch 5:00 gültig',
    resend: 'in 0:30',
    few: ['Es fehlt 1 Ziffer: Der Code hat 6.', 'Es fehlen 2 Ziffern: Der Code hat 6.'],
    expired: 'Dieser Code ist abgelaufen. Fordern Sie einen neuen an.',
  },
  {
    lang: 'es',
    label: 'Código',
    validFor: 'Válido durante 5:00',
    resend: 'en 0:30',
    few: ['Falta 1 cifra: el código tiene 6.', 'Faltan 2 cifras: el código tiene 6.'],
    expired: 'Este código ha caducado. Pida uno nuevo.',
  },
  {
    lang: 'ar',
    label: 'الرمز',
    validFor: 'صالح لمدة 5:00',
    resend: 'بعد 0:30',
    few: ['ينقص رقم واحد. عدد أرقام الرمز 6.', 'ينقص رقمان. عدد أرقام الرمز 6.', 'تنقص 3 أرقام. عدد أرقام الرمز 6.'],
    expired: 'انتهت صلاحية هذا الرمز. اطلب رمزًا جديدًا.',
  },
  {
    lang: 'ar-EG',
    label: 'الرمز',
    validFor: 'صالح لمدة ٥:٠٠',
    resend: 'بعد ٠:٣٠',
    few: ['ينقص رقم واحد. عدد أرقام الرمز ٦.', 'ينقص رقمان. عدد أرقام الرمز ٦.', 'تنقص ٣ أرقام. عدد أرقام الرمز ٦.'],
    expired: 'انتهت صلاحية هذا الرمز. اطلب رمزًا جديدًا.',
  },
  {
    lang: 'xx_Q-',
    label: 'Code',
    validFor: 'Valid for 5:00',
    resend: 'in 0:30',
    few: ['1 digit is missing: the code has 6.'],
    expired: 'This code has expired. Ask for a new one.',
  },
])('speaks $lang with its plurals and numbers', async ({ lang, label, validFor, resend, few, expired }) => {
  await speak(lang);
  expect(await code.host.locator('label').textContent()).toBe(label);
  expect(await code.expiry.textContent()).toBe(validFor);
  expect(await code.resend.locator('span').textContent()).toBe(resend);
  for (const [missing, text] of few.entries()) {
    await code.enter('123456'.slice(missing + 1));
    expect(await code.error.textContent()).toBe(text);
  }
  await code.pass(300);
  expect(await code.status.textContent()).toBe(expired);
});

it('the nearest language counts, not that of the page', async () => {
  await speak('de');
  await code.set({ lang: 'nl', challenge: 'nearest' });
  expect(await code.expiry.textContent()).toBe('Nog 5:00 geldig');
});
