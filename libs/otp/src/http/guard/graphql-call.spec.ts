import '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { describe, expect, it } from 'vitest';
import { canonicalHash } from '../../challenge/transaction.js';
import { OtpException } from '../otp.exception.js';
import { graphqlCall } from './graphql-call.js';

const REQUEST = {
  url: '/graphql',
  headers: { 'otp-proof': 'a proof', 'otp-challenge': 'an id', 'otp-code': '123456' },
};

const infoOf = (operation: string) => ({
  fieldName: 'pay',
  parentType: { name: 'Mutation' },
  operation: { operation },
  path: { key: 'alias', prev: undefined, typename: 'Mutation' },
});

class PayoutsResolver {
  readonly name = 'payouts';
}

const callOf = (...args: readonly unknown[]) => graphqlCall(new ExecutionContextHost([...args], PayoutsResolver));

describe('graphqlCall', () => {
  it('reads field, arguments and headers', () => {
    const info = infoOf('mutation');
    expect(callOf({}, { amount: '1' }, { req: REQUEST }, info)).toEqual({
      kind: 'graphql',
      request: REQUEST,
      identity: info,
      httpRequest: REQUEST,
      credentials: { proof: 'a proof', challengeId: 'an id', code: '123456' },
      safe: false,
      action: { resolver: 'PayoutsResolver', field: 'Mutation.pay', arguments: { amount: '1' } },
    });
  });

  it.each([
    ['Apollo', { req: REQUEST }],
    ['Mercurius', { req: REQUEST, reply: { request: REQUEST }, app: {} }],
    ['Mercurius without a driver', { reply: { request: REQUEST }, app: {} }],
    ['a context by hand', { request: REQUEST }],
    ['one that inherits it, as in a batch', Object.create({ req: REQUEST })],
  ])('finds the request of %s', (_name, carrier) => {
    expect(callOf({}, {}, carrier, infoOf('query'))).toMatchObject({ request: REQUEST, safe: true });
  });

  it('the name that a client gives a field is not in the action', () => {
    const call = callOf({}, {}, { req: REQUEST }, { ...infoOf('mutation'), path: { key: 'other' } });
    expect(call?.action).toEqual({ resolver: 'PayoutsResolver', field: 'Mutation.pay', arguments: {} });
  });

  it.each([
    ['a subscription', [{}, {}, { req: REQUEST }, infoOf('subscription')]],
    [
      'an operation over a WebSocket',
      [{}, {}, { req: { ...REQUEST, headers: { upgrade: 'websocket' } } }, infoOf('mutation')],
    ],
    ['a reference of a federation', [{ id: 1 }, { req: REQUEST }, infoOf('query')]],
    ['a resolver of a union’s type', [{}, { req: REQUEST }, infoOf('query'), { name: 'Type' }]],
    ['a batch loader', [[{ obj: {}, params: {} }], { req: REQUEST }]],
    ['no context', [{}, {}, undefined, infoOf('mutation')]],
    ['a context without a request', [{}, {}, {}, infoOf('mutation')]],
    ['headers without a request', [{}, {}, { req: { headers: { 'otp-proof': 'x' } } }, infoOf('mutation')]],
    ['a request without headers', [{}, {}, { req: { url: '/', headers: null } }, infoOf('mutation')]],
    ['a text as context', [{}, {}, 'req', infoOf('mutation')]],
    ['no info', [{}, {}, { req: REQUEST }, undefined]],
    ['info of half a field', [{}, {}, { req: REQUEST }, { fieldName: 'pay', parentType: {}, operation: {} }]],
    ['nothing at all', []],
  ])('case 75 %s is not known', (_name, args) => {
    expect(callOf(...args)).toBeUndefined();
  });

  describe('arguments', () => {
    const hashOf = (value: unknown) =>
      canonicalHash(callOf({}, { value }, { req: REQUEST }, infoOf('mutation'))?.action).toString('hex');

    class Money {
      readonly #cents: number;
      constructor(cents: number) {
        this.#cents = cents;
      }
      get cents() {
        return this.#cents;
      }
    }

    it.each([
      ['texts', '1', '2'],
      ['a number and a text', 1, '1'],
      ['a truth value and a text', true, 'true'],
      ['nothing and the text', null, 'null'],
      ['orders of a list', ['a', 'b'], ['b', 'a']],
      ['where a list ends', [['a'], 'b'], [['a', 'b']]],
      ['dates', new Date(0), new Date(1)],
      ['big numbers', 2n ** 64n, 2n ** 64n + 1n],
      ['a big number and a number', 1n, 1],
      ['bytes', Buffer.from('a'), Buffer.from('b')],
      ['members', { a: 1 }, { b: 1 }],
      ['the prototype’s name', JSON.parse('{"__proto__":{"a":1}}'), JSON.parse('{"__proto__":{"a":2}}')],
    ])('case 23 %s are told apart', (_name, one, other) => {
      expect(hashOf(one)).not.toBe(hashOf(other));
      expect(hashOf(one)).toBe(hashOf(one));
    });

    it('the order of members does not matter, nor who made the object', () => {
      expect(hashOf({ a: 1, b: 2 })).toBe(hashOf(Object.assign(Object.create(null), { b: 2, a: 1 })));
    });

    it.each([
      ['a class with private members', new Money(1)],
      ['one deep inside', { payout: [{ money: new Money(1) }] }],
      ['a map', new Map([['amount', 1]])],
      ['a set', new Set([1])],
      ['a promise, as files come', Promise.resolve(1)],
      ['a function', () => 1],
      ['a symbol', Symbol('x')],
    ])('case 23 %s, which JSON would not tell apart, is refused', (_name, value) => {
      expect(() => hashOf(value)).toThrow(/cannot tell/);
    });

    it('J1 half a character is the client’s mistake', () => {
      expect(() => hashOf('\ud800')).toThrow(OtpException);
      expect(() => hashOf(['x\udc00y'])).toThrow(OtpException);
      expect(hashOf('😀')).toBe(hashOf('\ud83d\ude00'));
    });
  });

  it('I2 arguments without end are an invalid request', () => {
    let nested: unknown = [];
    for (let depth = 0; depth < 20_000; depth++) {
      nested = [nested];
    }
    const call = () => callOf({}, { nested }, { req: REQUEST }, infoOf('mutation'));
    expect(call).toThrow(OtpException);
    expect(() => callOf({}, { nested: [[[['deep enough']]]] }, { req: REQUEST }, infoOf('mutation'))).not.toThrow();
  });
});
