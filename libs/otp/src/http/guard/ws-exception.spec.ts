import { ForbiddenException, UnauthorizedException } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { WsException } from '@nestjs/websockets';
import { describe, expect, it } from 'vitest';
import { OtpException } from '../otp.exception.js';
import { answerWsClient, toWsException } from './ws-exception.js';

describe('toWsException', () => {
  it('carries the problem, and nothing beside it', async () => {
    const exception = new OtpException('throttled', { retryAfter: 7 }, { 'X-Internal': 'x' });
    const converted = await toWsException(exception);
    expect(converted).toBeInstanceOf(WsException);
    expect(converted).toMatchObject({ error: exception.problem });
  });

  it.each([new UnauthorizedException(), new ForbiddenException('not here')])(
    'carries the words of %s',
    async (error) => {
      expect(await toWsException(error)).toMatchObject({ error: error.getResponse() });
    },
  );

  it.each([new TypeError('secret'), new WsException('own'), 'text', undefined])('leaves %s alone', async (error) => {
    expect(await toWsException(error)).toBe(error);
  });
});

describe('answerWsClient', () => {
  const sentFor = async (exception: unknown) => {
    const sent: unknown[] = [];
    const client = { emit: (event: string, data: unknown) => sent.push({ event, data }) };
    await answerWsClient(exception, new ExecutionContextHost([client, { amount: '1' }, 'pay']));
    return sent;
  };

  it('tells an OtpException as the guard does', async () => {
    const exception = new OtpException('challenge_gone');
    expect(await sentFor(exception)).toEqual([{ event: 'exception', data: exception.problem }]);
  });

  it('tells nothing of anything else', async () => {
    const [message] = await sentFor(new ForbiddenException('secret'));
    expect(message).toMatchObject({ event: 'exception', data: { message: 'Internal server error' } });
    expect(JSON.stringify(message)).not.toContain('secret');
  });
});
