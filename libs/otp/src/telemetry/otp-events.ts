import { Logger } from '@nestjs/common';
import type { Clock } from './clock.js';
import type { OtpEvent, OtpEventMap, OtpEventType } from './event-types.js';
import { owaspName } from './owasp-names.js';

export type OtpEventHandler<T extends OtpEventType> = (event: OtpEvent<T>) => unknown;

/**
 * What happened, for audit, metrics and alerts. A handler that throws or rejects is logged and changes nothing for the
 * person at the login.
 *
 * @example
 * events.on('challenge.refused', (event) => audit.write(event));
 */
export class OtpEvents {
  private readonly logger = new Logger(OtpEvents.name);
  private readonly handlers = new Map<OtpEventType | '*', Set<(event: OtpEvent) => unknown>>();

  constructor(private readonly clock: Clock) {}

  /** Calls `handler` for each event of `type`, or for every event with `'*'`. Returns how to stop. */
  on<T extends OtpEventType>(type: T, handler: OtpEventHandler<T>): () => void;
  on(type: '*', handler: OtpEventHandler<OtpEventType>): () => void;
  on(type: OtpEventType | '*', handler: (event: never) => unknown): () => void {
    const call = (event: OtpEvent) => Reflect.apply(handler, undefined, [event]) as unknown;
    const handlers = this.handlers.get(type) ?? new Set();
    this.handlers.set(type, handlers);
    handlers.add(call);
    return () => handlers.delete(call);
  }

  /** For the flows alone. */
  emit<T extends OtpEventType>(type: T, data: Omit<OtpEventMap[T], 'time' | 'owasp'>): void {
    const specific = this.handlers.get(type);
    const general = this.handlers.get('*');
    if (!specific?.size && !general?.size) {
      return;
    }
    const event = this.complete(type, data);
    for (const handler of [...(specific ?? []), ...(general ?? [])]) {
      this.call(handler, event);
    }
  }

  private complete<T extends OtpEventType>(type: T, data: Omit<OtpEventMap[T], 'time' | 'owasp'>): OtpEvent {
    const time = new Date(this.clock.now()).toISOString();
    // The compiler does not follow a type parameter through the spread of a mapped type.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return { type, time, ...owaspName(type, data), ...data } as unknown as OtpEvent;
  }

  private call(handler: (event: OtpEvent) => unknown, event: OtpEvent): void {
    try {
      const result = handler(event);
      if (typeof result === 'object' && result !== null && 'then' in result) {
        // Awaited even when it is no promise yet: query builders start only then.
        Promise.resolve(result).catch((error: unknown) => this.report(event, error));
      }
    } catch (error) {
      this.report(event, error);
    }
  }

  private report(event: OtpEvent, error: unknown): void {
    this.logger.error(
      `A handler of '${event.type}' failed: ${error instanceof Error ? error.message : 'unknown error'}`,
    );
  }
}
