import { memoryStore, type SmsTransport } from 'nestjs-sms-otp';
import { ManualClock, RecordingTransport } from 'nestjs-sms-otp/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { SentMessages } from '../../libs/otp/src/flows/sent-messages.js';
import { ReportingTransport, signedReceipts } from '../support/receipts.js';
import { watchStore } from '../support/store-doubles.js';
import { newChallenge, newSeals } from '../support/taken-message.js';

class Confirming extends RecordingTransport {
  async confirm(): Promise<void> {}
}

describe('what is kept of messages', () => {
  const seals = newSeals('a'.repeat(32));
  let clock: ManualClock;
  let calls: string[];
  let sent: SentMessages;
  let store: ReturnType<typeof memoryStore>;

  const transports: readonly SmsTransport[] = [
    new ReportingTransport(signedReceipts(), 'reports'),
    new ReportingTransport(signedReceipts(), 'other'),
    new Confirming({ name: 'confirms' }),
    Object.assign(new Confirming({ name: 'confirms-calls' }), { feedbackChannels: ['voice'] as const }),
    new RecordingTransport({ name: 'neither' }),
  ];
  const challenge = newChallenge(seals.ids);
  const remember = (transport: string, generation = 1, about = challenge) =>
    sent.remember({ challenge: about, generation, transport, messageId: 'id.1' });

  beforeEach(() => {
    clock = new ManualClock();
    calls = [];
    store = watchStore(memoryStore({ clock }), (method) => calls.push(method));
    sent = new SentMessages({ transports, marks: store.marks, ...seals });
  });

  it('M1 finds the challenge of a message by its provider’s id, at this provider only', async () => {
    remember('reports', 2);
    expect(await sent.find('reports', 'id.1')).toEqual({
      id: challenge.id,
      generation: 2,
      purpose: 'login',
      destination: '+31*******78',
      country: 'NL',
      channel: 'sms',
    });
    expect(await sent.find('other', 'id.1')).toBeUndefined();
    expect(await sent.find('reports', 'id.2')).toBeUndefined();
    expect(await sent.find('reports', 'ID.1')).toBeUndefined();
  });

  it('forgets it after four hours', async () => {
    remember('reports');
    clock.advanceSeconds(4 * 3600 - 1);
    expect(await sent.find('reports', 'id.1')).toBeDefined();
    clock.advanceSeconds(1);
    expect(await sent.find('reports', 'id.1')).toBeUndefined();
  });

  it('knows by which message a code went out, for as long as the code is good', async () => {
    remember('confirms');
    const { ref } = challenge.id;
    expect(await sent.sentBy(ref, 1)).toEqual({ transport: 'confirms', messageId: 'id.1' });
    expect(await sent.sentBy(ref, 2)).toBeUndefined();
    expect(await sent.sentBy(newChallenge(seals.ids).id.ref, 1)).toBeUndefined();
    clock.advanceSeconds(300);
    expect(await sent.sentBy(ref, 1)).toBeUndefined();
  });

  it('keeps nothing that no transport will ask for', async () => {
    remember('neither');
    remember('unknown');
    remember('confirms-calls');
    expect(calls).toEqual([]);
    remember('confirms-calls', 3, { ...challenge, payload: { ...challenge.payload, channel: 'voice' } });
    expect(await sent.sentBy(challenge.id.ref, 3)).toEqual({ transport: 'confirms-calls', messageId: 'id.1' });
    calls.length = 0;
    remember('reports');
    remember('confirms');
    expect(calls).toEqual(['marks.put', 'marks.put']);
    expect(await sent.find('confirms', 'id.1')).toBeUndefined();
  });

  it('E4 nobody with another secret can read it, and it cannot be moved to another message', async () => {
    const marks = new Map<string, string>();
    const spied = { ...store.marks, put: async (key: string, value: string) => void marks.set(key, value) };
    new SentMessages({ transports, marks: spied, ...seals }).remember({
      challenge,
      generation: 1,
      transport: 'reports',
      messageId: 'id.1',
    });
    const [[key = '', value = ''] = []] = marks;
    expect(`${key} ${value} ${Buffer.from(value, 'base64').toString('latin1')}`).not.toMatch(
      /id\.1|login|\+31|reports/,
    );
    const moved = seals.index.mark('message', 'reports\0id.2');
    await store.marks.put(moved, value, 60);
    expect(await sent.find('reports', 'id.2')).toBeUndefined();
    await store.marks.put(key, value, 60);
    expect(await sent.find('reports', 'id.1')).toBeDefined();
    const stranger = { ...newSeals('b'.repeat(32)), index: seals.index };
    expect(
      await new SentMessages({ transports, marks: store.marks, ...stranger }).find('reports', 'id.1'),
    ).toBeUndefined();
  });

  it('a store that is lost is no error of the login', async () => {
    const lost = { ...store.marks, put: () => Promise.reject(new Error('lost')) };
    const failing = new SentMessages({ transports, marks: lost, ...seals });
    expect(() => failing.remember({ challenge, generation: 1, transport: 'reports', messageId: 'id.1' })).not.toThrow();
  });
});
