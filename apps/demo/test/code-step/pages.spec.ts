import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { productionSecrets, startDemo, type RunningDemo } from '../../../../test/support/demo-app.js';
import { LANGUAGES } from '../../src/i18n/languages.js';
import { BankClient } from './bank-client.js';

const NUMBER = '+31612345670';

describe.each(['express', 'fastify'] as const)('the pages on %s', (adapter) => {
  let demo: RunningDemo;

  beforeAll(async () => {
    demo = await startDemo({ adapter });
  });
  afterAll(() => demo.stop());

  const ask = (path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') =>
    fetch(new URL(path, demo.url), { method, headers, redirect: 'manual' });

  it.each([
    [undefined, 'en', 'ltr'],
    ['', 'en', 'ltr'],
    ['ja', 'en', 'ltr'],
    ['ja,nl;q=0.5', 'nl', 'ltr'],
    ['nl;q=0.1,fr-CA', 'fr', 'ltr'],
    ['de-AT', 'de', 'ltr'],
    ['es-419', 'es', 'ltr'],
    ['ar-EG', 'ar', 'rtl'],
    ['en;q=0,*', 'nl', 'ltr'],
    ['"><script>', 'en', 'ltr'],
  ])('a browser that asks for %s gets %s', async (acceptLanguage, language, direction) => {
    const headers = { Accept: 'text/html', ...(acceptLanguage !== undefined && { 'Accept-Language': acceptLanguage }) };
    const response = await ask('/', headers);
    expect(response.headers.get('content-language')).toBe(language);
    expect(response.headers.get('vary')).toContain('Accept-Language');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.text()).toContain(`<html lang="${language}" dir="${direction}">`);
  });

  it('what is not there is a page for people, in their language, and JSON for programs', async () => {
    for (const language of LANGUAGES) {
      const page = await ask('/nowhere', { Accept: 'text/html,*/*;q=0.8', 'Accept-Language': language });
      expect([page.status, page.headers.get('content-language')]).toEqual([404, language]);
      expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    }
    for (const accept of ['*/*', 'application/json']) {
      const answer = await ask('/nowhere', { Accept: accept });
      expect(answer.status).toBe(404);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(await answer.json()).toMatchObject({ statusCode: 404 });
    }
  });

  it('case 71: an address that was not found is not repeated in the page', async () => {
    const page = await ask('/%3Cscript%3Ealert(1)%3C/script%3E', { Accept: 'text/html' });
    expect(await page.text()).not.toContain('alert(1)');
  });

  it('I2 the routes of the module answer problem documents, whatever is asked for', async () => {
    for (const accept of ['text/html', '*/*']) {
      const answer = await ask('/otp/challenges/unknown', { Accept: accept });
      expect(answer.status).toBe(410);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
    }
  });

  it.each(['/sign-in', '/password', '/sign-up', '/code', '/desk/sign-in'])(
    'J1 %s refuses what its form does not send with a page that repeats nothing',
    async (path) => {
      for (const body of [
        'phoneNumber=%3Cb%3E&phoneNumber=2&country=&password=1&password=2&code=1&code=2&name=n',
        `phoneNumber=${'9'.repeat(500)}&country=NL&password=${'x'.repeat(500)}&code=${'1'.repeat(500)}&name=n`,
        'phoneNumber[a]=1&country[b]=2&password[c]=3&code[d]=4',
        '__proto__[code]=1',
      ]) {
        const response = await fetch(new URL(path, demo.url), {
          method: 'POST',
          headers: { Accept: 'text/html', 'Content-Type': 'application/x-www-form-urlencoded' },
          body,
        });
        expect(response.status).toBe(400);
        expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
        expect(await response.text()).not.toContain('<b>');
      }
    },
  );

  it.each(['/', '/sign-up'])(
    'U2 the number’s field of %s is filled in by browsers and says what it is for',
    async (path) => {
      const page = await (await ask(path, { Accept: 'text/html', 'Accept-Language': 'en' })).text();
      const field = /<input[^>]*name="phoneNumber"[^>]*>/.exec(page)?.[0] ?? '';
      expect(field).toContain('type="tel"');
      expect(field).toContain('autocomplete="tel"');
      expect(field).toMatch(/aria-describedby="[^"]*phone-hint/);
      expect(/id="phone-hint">(?<hint>[^<]+)</.exec(page)?.groups?.['hint']).toMatch(/text|code/);
    },
  );

  it('U2 what was typed stands in the field again, as text', async () => {
    const client = new BankClient(demo);
    const phoneNumber = `"><img src=x onerror=a>'&`;
    const { status, page } = await client.send('/sign-in', { country: 'NL', phoneNumber });
    expect(status).toBe(400);
    expect(page).not.toContain('<img src=x');
    expect(page).toContain('&quot;>&lt;img src=x');
    expect(page).toMatch(/<option value="NL" selected|<option selected value="NL"/);
  });

  it('names and payees stand in pages as text', async () => {
    const client = new BankClient(demo);
    for (const payee of ['<b>bold</b>', '"onload=x', '\u202Eevil', 'a\nb']) {
      await client.signIn(NUMBER);
      const refused = await client.send('/transfer', { payee, iban: 'NL91ABNA0417164300', amount: '1' });
      expect(refused.status).not.toBe(303);
      expect(refused.page).not.toContain('<b>bold');
      expect(refused.page).not.toContain('"onload');
    }
    const signUp = await client.send('/sign-up', {
      name: '<b>Noor</b>',
      country: '',
      phoneNumber: NUMBER,
      password: 'eggs on bare sand',
    });
    expect(signUp.status).toBe(400);
    expect(signUp.page).toContain('&lt;b>Noor');
  });

  it('asks for a file again only when it has changed', async () => {
    const first = await ask('/assets/app.css');
    const etag = first.headers.get('etag') ?? '';
    for (const validator of [etag, `"x", ${etag}`, '*', etag.replace('W/', '')]) {
      const again = await ask('/assets/app.css', { 'If-None-Match': validator });
      expect([again.status, await again.text()], validator).toEqual([304, '']);
      expect(again.headers.get('etag')).toBe(etag);
    }
    expect((await ask('/assets/app.css', { 'If-None-Match': 'W/"x"' })).status).toBe(200);
  });

  it.each([
    ['gzip, deflate, br', 'gzip'],
    ['br, GZIP;q=0.1', 'gzip'],
    ['*', 'gzip'],
    ['gzip;q=0', null],
    ['gzip;q=0.000, br', null],
    ['gzip; q=0 ,br', null],
    ['deflate, br', null],
    ['identity', null],
    ['not-gzip', null],
    ['', null],
  ])('a browser that accepts %j gets files as %s', async (accepted, encoding) => {
    const response = await ask('/assets/app.css', { 'Accept-Encoding': accepted });
    expect(response.headers.get('content-encoding')).toBe(encoding);
    expect(response.headers.get('vary')).toContain('Accept-Encoding');
    expect(await response.text()).toContain('{');
  });

  it.each([
    '/assets/../app.module.ts',
    '/assets/..%2fapp.module.ts',
    '/assets/%2e%2e/app.module.ts',
    '/assets/otp-code-input/..%2fpackage.json',
    '/assets/otp-code-input/../../package.json',
    '/assets/otp-code-input/otp-code-input.d.ts',
    '/assets/app.css%00.js',
    '/assets/constructor',
    '/assets//etc/passwd',
  ])('case 67: %s is not served', async (path) => {
    const response = await ask(path);
    expect([404, 400]).toContain(response.status);
    expect(await response.text()).not.toMatch(/forRoot|"name": "otp-code-input"|root:|export/);
  });
});

describe.each(['express', 'fastify'] as const)('the desk of a production that names no operator, on %s', (adapter) => {
  let demo: RunningDemo;
  beforeAll(async () => {
    demo = await startDemo({ adapter, env: { NODE_ENV: 'production', ...productionSecrets() } });
  });
  afterAll(() => demo.stop());

  it('case 67: there is none', async () => {
    const client = new BankClient(demo);
    client.cookies.set('desk', 'A'.repeat(43));
    for (const answer of [
      await client.get('/desk'),
      await client.get('/desk/sign-in'),
      await client.send('/desk/sign-in', { password: 'watch the coast line' }),
      await client.send('/desk/sign-in', { password: '' }),
    ]) {
      expect(answer.status).toBe(404);
    }
    expect(await client.get('/attack')).toMatchObject({ status: 404 });
    expect((await client.get('/')).page).not.toMatch(/href="\/(?:desk|attack)"/);
  });
});
