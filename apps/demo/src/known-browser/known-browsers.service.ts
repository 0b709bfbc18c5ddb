import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { z } from 'zod';
import { type RecordKind, Records } from '../records/records.js';
import type { DemoRequest } from '../web/demo-request.js';
import { IdCookie, keyOfId, randomId } from '../web/id-cookie.js';

const TTL_SECONDS = 90 * 24 * 60 * 60;

/** Whose: a customer's number (E.164), or the operator. */
const BROWSERS: RecordKind<string> = { name: 'browser', schema: z.string(), ttlSeconds: TTL_SECONDS };

/** One person may be both, in one browser. */
const COOKIES = {
  customer: new IdCookie('browser', TTL_SECONDS),
  operator: new IdCookie('desk-browser', TTL_SECONDS),
} as const;
export type Role = keyof typeof COOKIES;

/**
 * Browsers in which password and code were right before. They open nothing: their tries of a password are only counted apart
 * from everybody's, so that strangers who use that up keep nobody out (OWASP device cookies, B6).
 */
@Injectable()
export class KnownBrowsers {
  constructor(
    private readonly records: Records,
    private readonly host: HttpAdapterHost,
  ) {}

  async remember(role: Role, whose: string, request: DemoRequest, response: unknown): Promise<void> {
    const id = randomId();
    await this.forgetRecord(role, request);
    await this.records.put(BROWSERS, keyOfId(id), whose);
    const { name, options } = COOKIES[role].of(request);
    this.host.httpAdapter.setCookie(response, name, id, options);
  }

  /** Names the browser where it is known as this person's. */
  async keyOf(role: Role, whose: string, request: DemoRequest): Promise<string | undefined> {
    const id = COOKIES[role].read(request);
    const key = id === undefined ? undefined : keyOfId(id);
    return key !== undefined && (await this.records.find(BROWSERS, key)) === whose ? key : undefined;
  }

  async forget(role: Role, request: DemoRequest, response: unknown): Promise<void> {
    await this.forgetRecord(role, request);
    const { name, options } = COOKIES[role].of(request);
    this.host.httpAdapter.clearCookie(response, name, options);
  }

  private async forgetRecord(role: Role, request: DemoRequest): Promise<void> {
    const id = COOKIES[role].read(request);
    if (id !== undefined) {
      await this.records.delete(BROWSERS, keyOfId(id));
    }
  }
}
