import { describe, expect, it } from 'vitest';
import { RecordIndex } from '../secrets/record-index.js';
import { SecretRing } from '../secrets/secret-ring.js';
import { ManualClock } from '../testing/manual-clock.js';
import { DEVICE_LIFETIME_SECONDS, DeviceTokens } from './device-tokens.js';

const OLD = 'old-secret-old-secret-old-secret-32';
const NEW = 'new-secret-new-secret-new-secret-32';
const KEY = new RecordIndex(OLD, 'acme').number('+31612345678');
const LIFETIME_MS = DEVICE_LIFETIME_SECONDS * 1000;

function tokensOf(secrets: readonly string[], { namespace = 'acme', clock = new ManualClock() } = {}): DeviceTokens {
  return new DeviceTokens(new SecretRing(secrets, namespace), clock);
}

describe('DeviceTokens', () => {
  const tokens = tokensOf([OLD]);

  it('B6 opens what it issued: the number and the lane, nothing of either in clear', () => {
    const lane = tokens.newDeviceLane();
    const token = tokens.issue(KEY, lane);

    expect(tokens.open(token)).toEqual({ key: KEY, lane });
    expect(token).toMatch(/^[A-Za-z0-9_-]{67}$/);
    expect(Buffer.from(token, 'base64url').includes(Buffer.from(KEY.index, 'base64url'))).toBe(false);
    expect(Buffer.from(token, 'base64url').includes(Buffer.from(lane.slice(7), 'base64url'))).toBe(false);
  });

  it('B6 makes lanes that nobody can guess or link', () => {
    const lanes = Array.from({ length: 1000 }, () => tokens.newDeviceLane());
    expect(new Set(lanes).size).toBe(lanes.length);
    lanes.forEach((lane) => expect(lane).toMatch(/^device:[A-Za-z0-9_-]{8}$/));
    const [lane = tokens.newDeviceLane()] = lanes;
    expect(tokens.issue(KEY, lane)).not.toBe(tokens.issue(KEY, lane));
  });

  it('B6 takes any other text for none', () => {
    const token = tokens.issue(KEY, tokens.newDeviceLane());
    for (const other of [undefined, '', token.slice(1), token.slice(0, -1), `${token}A`, `${token}=`, ` ${token}`]) {
      expect(tokens.open(other)).toBeUndefined();
    }
  });

  it('B6 opens no token with a single bit altered', () => {
    const bytes = Buffer.from(tokens.issue(KEY, tokens.newDeviceLane()), 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const altered = Buffer.from(bytes);
      altered.writeUInt8(altered.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(tokens.open(altered.toString('base64url'))).toBeUndefined();
    }
  });

  it('B6 has one spelling for each token', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const token = tokens.issue(KEY, tokens.newDeviceLane());
    const opened = Array.from(alphabet).filter((last) => tokens.open(token.slice(0, -1) + last) !== undefined);
    expect(opened).toEqual([token.at(-1)]);
  });

  it('B6 forgets a token 90 days after its issue and no second earlier', () => {
    const clock = new ManualClock();
    const aging = tokensOf([OLD], { clock });
    const token = aging.issue(KEY, aging.newDeviceLane());

    clock.advanceMs(LIFETIME_MS - 1);
    expect(aging.open(token)).toBeDefined();
    clock.advanceMs(1);
    expect(aging.open(token)).toBeUndefined();
  });

  it('B6 issues with the first secret and opens with any', () => {
    const lane = tokens.newDeviceLane();
    const token = tokens.issue(KEY, lane);
    expect(tokensOf([NEW, OLD]).open(token)).toEqual({ key: KEY, lane });
    expect(tokensOf([NEW]).open(token)).toBeUndefined();
    expect(tokensOf([NEW]).open(tokensOf([NEW, OLD]).issue(KEY, lane))).toEqual({ key: KEY, lane });
  });

  it('B6 is worth nothing in another application', () => {
    expect(tokensOf([OLD], { namespace: 'other' }).open(tokens.issue(KEY, tokens.newDeviceLane()))).toBeUndefined();
  });

  it('issues for numbers and their device lanes only', () => {
    expect(() => tokens.issue({ kind: 'ip', index: KEY.index }, tokens.newDeviceLane())).toThrow(RangeError);
    expect(() => tokens.issue(KEY, 'device:short')).toThrow(RangeError);
  });
});
