import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Receipt } from 'nestjs-sms-otp';
import { setMaxListeners } from 'node:events';
import { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { arrives, type SimulatedMessage } from './simulated-message.js';
import { SimulatedPhone } from './simulated-phone.js';

/** Long enough to be seen on the handset, short enough to wait for. */
const STEP_MS = 700;
const REPORT_TIMEOUT_MS = 5000;

/** Brings messages to the simulated phone and reports each step as a provider does: by HTTP to the module's webhook. */
@Injectable()
export class SimulatedCarrier implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(SimulatedCarrier.name);
  private readonly closing = new AbortController();

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly phone: SimulatedPhone,
  ) {}

  onModuleInit(): void {
    // One for each message on its way, of which there may be many.
    setMaxListeners(0, this.closing.signal);
    this.phone.handOverTo((message) => void this.carry(message));
  }

  onModuleDestroy(): void {
    this.closing.abort();
  }

  private async carry(message: SimulatedMessage): Promise<void> {
    const { signal } = this.closing;
    try {
      for (const state of ['sent', arrives(message) ? 'delivered' : 'failed'] as const) {
        await setTimeout(STEP_MS, undefined, { signal, ref: false });
        await this.report({ messageId: message.id, state });
      }
    } catch (error) {
      if (!signal.aborted) {
        // Not its message: that has the address, which ends in the token.
        this.logger.warn(
          `A simulated receipt did not arrive: ${error instanceof Error ? error.name : 'unknown error'}`,
        );
      }
    }
  }

  private async report(receipt: Receipt): Promise<void> {
    const base = this.address();
    if (base === undefined) {
      return;
    }
    const { name, receiptToken } = this.phone;
    const response = await fetch(new URL(`/otp/webhooks/${name}/${receiptToken}`, base), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(receipt),
      redirect: 'error',
      signal: AbortSignal.timeout(REPORT_TIMEOUT_MS),
    });
    await response.body?.cancel();
    if (!response.ok) {
      this.logger.warn(`A simulated receipt was answered ${response.status}`);
    }
  }

  /** Where this very process listens, whatever name it has outside; `undefined` while it does not. */
  private address(): string | undefined {
    const server: unknown = this.host.httpAdapter.getHttpServer();
    const address = server instanceof Server ? server.address() : null;
    return address === null || typeof address === 'string' ? undefined : urlOf(address);
  }
}

function urlOf({ address, family, port }: AddressInfo): string {
  if (family === 'IPv6') {
    return `http://[${address === '::' ? '::1' : address}]:${port}`;
  }
  return `http://${address === '0.0.0.0' ? '127.0.0.1' : address}:${port}`;
}
