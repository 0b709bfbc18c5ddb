import { Inject, Injectable, NotFoundException } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { timingSafeEqual } from 'node:crypto';
import { CLOCK, type Clock } from '../../clock.js';
import { DEMO_CONFIG, type DemoConfig } from '../../config.js';
import type { DeskOperator } from '../../desk-operator.js';
import { Records } from '../../records/records.js';
import { Seal } from '../../records/seal.js';
import type { DemoRequest } from '../../web/demo-request.js';
import { keyOfId, randomId } from '../../web/id-cookie.js';
import { DESK_COOKIE, DESK_SESSIONS } from './desk-session.js';

/** Whose the browsers of the desk are: there is one. */
export const OPERATOR = 'operator';

/** Who may look at the desk: one operator, by password and code. */
@Injectable()
export class DeskAccessService {
  constructor(
    private readonly records: Records,
    private readonly seal: Seal,
    private readonly host: HttpAdapterHost,
    @Inject(DEMO_CONFIG) private readonly config: DemoConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws NotFoundException where the environment names nobody: then there is no desk */
  operator(): DeskOperator {
    const { desk } = this.config;
    if (desk === undefined) {
      throw new NotFoundException();
    }
    return desk;
  }

  /** Compared as keyed hashes, so that time tells nothing of the password. */
  isPassword(typed: string): boolean {
    const digest = (text: string) => Buffer.from(this.seal.index(`desk ${text}`));
    return timingSafeEqual(digest(typed), digest(this.operator().password));
  }

  async open(request: DemoRequest, response: unknown): Promise<void> {
    const id = randomId();
    await this.forget(request);
    const signedInAt = new Date(this.clock.now()).toISOString();
    await this.records.put(DESK_SESSIONS, keyOfId(id), { signedInAt, operator: this.operatorKey() });
    const { name, options } = DESK_COOKIE.of(request);
    this.host.httpAdapter.setCookie(response, name, id, { ...options, sameSite: 'strict' });
  }

  async isOpen(request: DemoRequest): Promise<boolean> {
    const id = DESK_COOKIE.read(request);
    const session = id === undefined ? undefined : await this.records.find(DESK_SESSIONS, keyOfId(id));
    return session?.operator === this.operatorKey();
  }

  async close(request: DemoRequest, response: unknown): Promise<void> {
    await this.forget(request);
    const { name, options } = DESK_COOKIE.of(request);
    this.host.httpAdapter.clearCookie(response, name, { ...options, sameSite: 'strict' });
  }

  private operatorKey(): string {
    const { password, phoneNumber } = this.operator();
    return this.seal.index(`desk ${phoneNumber} ${password}`);
  }

  private async forget(request: DemoRequest): Promise<void> {
    const id = DESK_COOKIE.read(request);
    if (id !== undefined) {
      await this.records.delete(DESK_SESSIONS, keyOfId(id));
    }
  }
}
