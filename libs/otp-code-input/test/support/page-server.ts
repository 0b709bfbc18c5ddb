import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** As strict as a bank's page: no inline script or style, and no text that becomes markup. */
const CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "form-action 'self'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');
const TYPES = { html: 'text/html', css: 'text/css', js: 'text/javascript' };

const folder = fileURLToPath(new URL('../..', import.meta.url));

/** What a form sent. */
export interface Posted {
  url: string;
  fields: Record<string, string>;
}

/**
 * Serves the pages of `test/pages`. `?lang=ar` is the page's language; every other parameter replaces an attribute of
 * the element, `-name` removes it.
 */
export class PageServer {
  readonly posted: Posted[] = [];
  private readonly server = createServer((request, response) => {
    this.answer(request, response).catch(() => response.writeHead(404).end());
  });

  async start(): Promise<string> {
    await new Promise<void>((listening) => this.server.listen(0, '127.0.0.1', listening));
    const address = this.server.address();
    if (address === null || typeof address === 'string') {
      throw new Error('The server listens on no port');
    }
    return `http://127.0.0.1:${address.port}`;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (request.method === 'POST') {
      const fields = Object.fromEntries(new URLSearchParams(await text(request)));
      this.posted.push({ url: url.pathname + url.search, fields });
      return send(response, 'html', '<!doctype html><html lang="en"><title>Posted</title><h1>Posted</h1></html>');
    }
    const asset = /^\/otp-code-input\/(?<file>[\w-]+\.(?<type>js|css))$/.exec(url.pathname)?.groups;
    if (asset) {
      const type = asset['type'] === 'css' ? 'css' : 'js';
      return send(response, type, await readFile(`${folder}src/${asset['file']}`, 'utf8'));
    }
    if (url.pathname === '/pages/page.css') {
      return send(response, 'css', await readFile(`${folder}test${url.pathname}`, 'utf8'));
    }
    const page = await readFile(`${folder}test/pages${url.pathname}`, 'utf8');
    return send(response, 'html', customise(page, url.searchParams));
  }
}

function send(response: ServerResponse, type: keyof typeof TYPES, body: string): void {
  response
    .writeHead(200, { 'content-type': `${TYPES[type]}; charset=utf-8`, 'content-security-policy': CSP })
    .end(body);
}

function customise(page: string, parameters: URLSearchParams): string {
  const lang = parameters.get('lang') ?? 'en';
  const localised = page.replace('<html lang="en">', `<html lang="${lang}" dir="${lang === 'ar' ? 'rtl' : 'ltr'}">`);
  return [...parameters]
    .filter(([name]) => name !== 'lang')
    .reduce((html, [name, value]) => {
      const attribute = name.replace(/^-/, '');
      const without = html.replace(new RegExp(`(<otp-code-input[^>]*?) ${attribute}(?:="[^"]*")?(?=[ >])`), '$1');
      return name === attribute ? without.replace('<otp-code-input', `<otp-code-input ${name}="${value}"`) : without;
    }, localised);
}
