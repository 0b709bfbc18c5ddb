// #region example
import type { Receipt } from 'nestjs-sms-otp';
import { httpsTransport, jsonReceipts } from 'nestjs-sms-otp/transports/https';
import { z } from 'zod';

const Accepted = z.object({ id: z.string() });
const Report = z.object({ id: z.string(), status: z.string() });

const STATES: ReadonlyMap<string, Receipt['state']> = new Map([
  ['SENT', 'sent'],
  ['DELIVERED', 'delivered'],
  ['FAILED', 'failed'],
]);

/** `secret` reads a secret as it is now: from a vault, or from a mounted file. */
export const sms = (secret: (name: string) => Promise<string>, webhookSecrets: readonly string[]) =>
  httpsTransport({
    name: 'acme-sms',
    url: 'https://sms.example.com/v1/messages',
    headers: async () => ({ authorization: `Bearer ${await secret('acme-sms-key')}` }),
    body: ({ to, text, ttlSeconds }) => ({ to, text, validity: ttlSeconds }),
    messageId: (body) => Accepted.safeParse(body).data?.id, // reports name it
    receipts: jsonReceipts({
      signature: { header: 'x-acme-signature', prefix: 'sha256=', secrets: webhookSecrets },
      read: (body) => {
        const report = Report.safeParse(body).data;
        const state = STATES.get(report?.status ?? '');
        return report === undefined || state === undefined ? [] : [{ messageId: report.id, state }];
      },
    }),
  });
// #endregion example
