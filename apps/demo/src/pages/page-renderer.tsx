import { HttpStatus, Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { renderToString } from 'preact-render-to-string';
import { DEMO_CONFIG, type DemoConfig } from '../config.js';
import { Handset } from '../handset/handset.js';
import { SimulatedPhone } from '../handset/simulated-phone.js';
import { chooseLanguage } from '../i18n/languages.js';
import { type Words, wordsOf } from '../i18n/words.js';
import type { DemoRequest } from '../web/demo-request.js';
import { Layout } from './layout.js';
import type { Page } from './page.js';

/** Answers with pages in the browser's language, alike on Express and Fastify. */
@Injectable()
export class PageRenderer {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly phone: SimulatedPhone,
    @Inject(DEMO_CONFIG) private readonly config: DemoConfig,
  ) {}

  /** Pages tell who is signed in and what was typed, so no cache keeps them. */
  send(
    request: DemoRequest,
    response: unknown,
    build: (words: Words) => Page,
    status: HttpStatus = HttpStatus.OK,
  ): void {
    const { httpAdapter } = this.host;
    const words = wordsOf(chooseLanguage(request.headers['accept-language']));
    const { production, desk } = this.config;
    const handset = production ? undefined : <Handset words={words} messages={this.phone.inbox()} />;
    const page = build(words);
    const frame = { words, production, hasDesk: desk !== undefined, handset };
    httpAdapter.setHeader(response, 'Cache-Control', 'no-store');
    httpAdapter.setHeader(response, 'Content-Type', 'text/html; charset=utf-8');
    httpAdapter.setHeader(response, 'Content-Language', words.language);
    httpAdapter.setHeader(response, 'Vary', 'Accept-Language');
    httpAdapter.reply(response, `<!doctype html>${renderToString(<Layout page={page} {...frame} />)}`, status);
  }

  /** @param path a path of this demo, never input */
  redirect(response: unknown, path: string): void {
    const { httpAdapter } = this.host;
    httpAdapter.setHeader(response, 'Cache-Control', 'no-store');
    httpAdapter.redirect(response, HttpStatus.SEE_OTHER, path);
  }
}
