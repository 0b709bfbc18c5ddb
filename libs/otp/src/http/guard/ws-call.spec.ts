import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { rememberConnection, wsCall } from './ws-call.js';

class PayoutsGateway {
  pay() {}
}

const callOf = (client: object, data: unknown, pattern = 'pay') =>
  wsCall(new ExecutionContextHost([client, data, pattern], PayoutsGateway));

const NONE = { proof: undefined, challengeId: undefined, code: undefined };

describe('wsCall', () => {
  it('takes the credentials out of the payload, and keeps them for a second guard', () => {
    const data = { amount: '1', otp: { challengeId: 'an id', code: '123456', proof: 'a proof' } };
    const first = callOf({}, data);
    expect(data).toEqual({ amount: '1' });
    expect(first.credentials).toEqual({ challengeId: 'an id', code: '123456', proof: 'a proof' });
    const second = callOf({}, data);
    expect(second.credentials).toEqual(first.credentials);
    expect(second.identity).toBe(first.identity);
  });

  it('a payload of the same words is another call', () => {
    expect(callOf({}, {}).identity).not.toBe(callOf({}, {}).identity);
    expect(callOf({}, 'text').identity).not.toBe(callOf({}, 'text').identity);
  });

  it.each([
    [undefined],
    [null],
    ['text'],
    [7],
    [[]],
    [[{ otp: { proof: 'x' } }]],
    [{}],
    [{ otp: null }],
    [{ otp: 'x' }],
  ])('case 57 %j carries nothing', (data) => {
    expect(callOf({}, data).credentials).toEqual(NONE);
  });

  it.each([
    ['texts that are none', { proof: ['x'], challengeId: 7, code: { toString: 'x' } }],
    ['members of the prototype', Object.create({ proof: 'x', challengeId: 'x', code: 'x' })],
    ['members of a parsed prototype', JSON.parse('{"__proto__":{"proof":"x"}}')],
  ])('J2 case 59 %s are not taken', (_name, otp) => {
    const data = { otp };
    expect(callOf({}, data).credentials).toEqual(NONE);
    expect(data).toEqual({});
  });

  it('J2 case 59 a member of the payload’s prototype is not taken', () => {
    expect(callOf({}, Object.create({ otp: { proof: 'x' } })).credentials).toEqual(NONE);
  });

  it('never counts as a call that only reads', () => {
    expect(callOf({}, {}).safe).toBe(false);
  });

  it('is bound to gateway, namespace and event', () => {
    expect(callOf({}, {}).action).toEqual({ gateway: 'PayoutsGateway', namespace: undefined, event: 'pay' });
    expect(callOf({ nsp: { name: '/tenant-1' } }, {}).action).toMatchObject({ namespace: '/tenant-1' });
    expect(callOf({ nsp: 'text' }, {}).action).toMatchObject({ namespace: undefined });
  });

  describe('the request of the connection', () => {
    const request = new IncomingMessage(new Socket());

    it('is that of the handshake, which Socket.IO keeps', () => {
      expect(callOf({ request }, {}).httpRequest).toBe(request);
    });

    it('is the one that was remembered, before any that the client has', () => {
      const client = { request: new IncomingMessage(new Socket()) };
      rememberConnection(client, request);
      expect(callOf(client, {}).httpRequest).toBe(request);
    });

    it.each([[{}], [{ request: undefined }], [{ request: 'GET /' }], [{ request: { headers: {}, url: '/' } }]])(
      'is not known of %j',
      (client) => {
        expect(callOf(client, {}).httpRequest).toBeUndefined();
      },
    );
  });
});
