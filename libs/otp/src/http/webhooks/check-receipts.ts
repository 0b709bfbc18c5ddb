import { MAX_RECEIPT_BYTES } from '../../delivery/receipts/receipt-reader.js';
import { RECEIPT_TOKEN } from '../../delivery/receipts/receipt-token.js';
import type { RoutesAddress } from '../../delivery/receipts/receipt-url.js';
import type { SmsTransport } from '../../delivery/sms-transport.js';
import { checkAddressList } from './address-list.js';

/** What is wrong with the readers of receipts, in words, each with its option; no token is ever repeated. */
export function checkReceipts(transports: readonly SmsTransport[]): string[] {
  return transports.flatMap(({ name, receipts }) => {
    if (receipts === undefined) {
      return [];
    }
    const { tokens = [], allowedIps, maxBodyBytes = 1, methods } = receipts;
    const option = `transports: the receipts of '${name}'`;
    const problems: string[] = [];
    if (!tokens.every((token) => RECEIPT_TOKEN.test(token))) {
      problems.push(
        `${option} have a token that is not 32 to 100 characters A-Z a-z 0-9 _ -; make one with \`openssl rand -hex 32\``,
      );
    }
    const problem = allowedIps === undefined ? undefined : checkAddressList(allowedIps);
    if (problem !== undefined) {
      problems.push(`${option}: allowedIps ${problem}`);
    }
    if (allowedIps?.length === 0) {
      problems.push(`${option}: allowedIps lists nobody; leave it out to let any address call`);
    }
    if (!(Number.isInteger(maxBodyBytes) && maxBodyBytes >= 1 && maxBodyBytes <= MAX_RECEIPT_BYTES)) {
      problems.push(`${option}: maxBodyBytes must be a whole number from 1 to ${MAX_RECEIPT_BYTES}`);
    }
    if (methods.length === 0) {
      problems.push(`${option}: methods lists none; give 'POST', 'GET' or both`);
    }
    return problems;
  });
}

/** Readers that nobody will report to. */
export function receiptWarnings(
  transports: readonly SmsTransport[],
  { publicUrl, routesPath }: RoutesAddress,
): string[] {
  const names = transports.filter(({ receipts }) => receipts !== undefined).map(({ name }) => name);
  if (names.length === 0 || (publicUrl !== undefined && routesPath !== undefined)) {
    return [];
  }
  const reason = publicUrl === undefined ? 'publicUrl is not set' : 'routes are switched off';
  return [`No provider can report to ${names.join(', ')}, for ${reason}: deliveries stay 'sent'`];
}
