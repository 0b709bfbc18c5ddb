import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRiskCheck } from './assess-risk.js';
import type { OtpRiskOptions, RiskAssessor, RiskRequest } from './risk-assessor.js';

const NUMBER = '+31612345678';
const REQUEST: RiskRequest = {
  phoneNumber: NUMBER,
  country: 'NL',
  purpose: 'login',
  lane: 'public',
  client: { ip: '192.0.2.7' },
  resend: false,
  usedUp: [],
};

const forever = () => new Promise<never>(() => undefined);

/** An assessor that answers what the types do not allow; what has no JSON becomes null. */
const answering = (answer: unknown): RiskAssessor => ({
  assess: () => Promise.resolve(JSON.parse(JSON.stringify(answer) ?? 'null')),
});

const checkOf = (answer: unknown, options: Partial<OtpRiskOptions> = {}) =>
  createRiskCheck({ assessor: answering(answer), ...options })(REQUEST);

const error = vi.fn<(line: string) => void>();
const warn = vi.fn<(line: string) => void>();

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Logger.prototype, 'error').mockImplementation(error);
  vi.spyOn(Logger.prototype, 'warn').mockImplementation(warn);
});

afterEach(() => {
  vi.restoreAllMocks();
  error.mockReset();
  warn.mockReset();
  vi.useRealTimers();
});

describe('createRiskCheck', () => {
  it('D2 hands the assessor the request and a signal, and takes an answer that is no promise', async () => {
    const assess = vi.fn<RiskAssessor['assess']>(() => ({ decision: 'allow' }));
    const verdict = await createRiskCheck({ assessor: { assess } })(REQUEST);
    expect(verdict).toEqual({ decision: 'allow', cleared: false });
    expect(assess).toHaveBeenCalledExactlyOnceWith(REQUEST, { signal: expect.any(AbortSignal) });
    expect(assess.mock.calls[0]?.[1].signal.aborted).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('keeps the assessor’s `this`', async () => {
    class Own implements RiskAssessor {
      private readonly reason = 'mine';
      assess() {
        return { decision: 'deny', reason: this.reason } as const;
      }
    }
    expect(await createRiskCheck({ assessor: new Own() })(REQUEST)).toEqual({ decision: 'deny', reason: 'mine' });
  });

  it.each([
    [{ decision: 'allow' }, { decision: 'allow', cleared: false }],
    [
      { decision: 'allow', cleared: true },
      { decision: 'allow', cleared: true },
    ],
    [
      { decision: 'allow', cleared: false },
      { decision: 'allow', cleared: false },
    ],
    [
      { decision: 'allow', score: 3 },
      { decision: 'allow', cleared: false },
    ],
    [{ decision: 'deny' }, { decision: 'deny' }],
    [{ decision: 'deny', cleared: true }, { decision: 'deny' }],
    [
      { decision: 'deny', reason: 'sim swapped' },
      { decision: 'deny', reason: 'sim swapped' },
    ],
    [{ decision: 'deny', reason: { a: 1 } }, { decision: 'deny' }],
    [{ decision: 'deny', reason: ' \n ' }, { decision: 'deny' }],
    [
      { decision: 'decoy', reason: 'not registered' },
      { decision: 'decoy', cleared: false, reason: 'not registered' },
    ],
    [
      { decision: 'decoy', cleared: true },
      { decision: 'decoy', cleared: true },
    ],
  ])('%j is read as %j', async (answer, verdict) => {
    expect(await checkOf(answer, { decoys: true, onFailure: 'allow' })).toEqual(verdict);
    expect(error).not.toHaveBeenCalled();
  });

  const NONSENSE: readonly [unknown][] = [
    [undefined],
    [null],
    [true],
    ['allow'],
    [[]],
    [['allow']],
    [{}],
    [{ decision: 'ALLOW' }],
    [{ decision: 'step-up' }],
    [{ decision: true }],
    [{ decision: ['allow'] }],
    [{ decision: 'allow', cleared: 'yes' }],
    [{ decision: 'allow', cleared: 1 }],
    [{ decision: 'decoy', cleared: 'yes' }],
  ];

  it.each(NONSENSE)('%j is a failure: denied when closed, allowed but never cleared when open', async (answer) => {
    expect(await checkOf(answer)).toEqual({
      decision: 'deny',
      reason: 'the risk assessor gave no valid answer',
      failure: 'invalid_answer',
    });
    expect(await checkOf(answer, { onFailure: 'allow' })).toEqual({
      decision: 'allow',
      cleared: false,
      failure: 'invalid_answer',
    });
  });

  it.each<[string, RiskAssessor['assess']]>([
    [
      'throws',
      () => {
        throw new Error(`no answer about ${NUMBER}`);
      },
    ],
    ['rejects', () => Promise.reject(new Error(`no answer about ${NUMBER}`))],
    [
      'gives an answer that cannot be read',
      () => ({
        get decision(): 'allow' {
          throw new Error(NUMBER);
        },
      }),
    ],
  ])('L1 an assessor that %s fails closed or open, and the number is in no log', async (_name, assess) => {
    const closed = await createRiskCheck({ assessor: { assess } })(REQUEST);
    expect(closed).toEqual({ decision: 'deny', reason: 'the risk assessor threw an error', failure: 'error' });
    const open = await createRiskCheck({ assessor: { assess }, onFailure: 'allow' })(REQUEST);
    expect(open).toEqual({ decision: 'allow', cleared: false, failure: 'error' });
    expect(error).toHaveBeenCalledTimes(2);
    expect(JSON.stringify(error.mock.calls)).not.toContain(NUMBER.slice(3));
  });

  it('L1 ends after 2 s although the assessor does not listen, and aborts its signal', async () => {
    let seen: AbortSignal | undefined;
    const assess: RiskAssessor['assess'] = (_request, { signal }) => {
      seen = signal;
      return forever();
    };
    const ended = vi.fn<(verdict: unknown) => void>();
    void createRiskCheck({ assessor: { assess } })(REQUEST).then(ended);
    await vi.advanceTimersByTimeAsync(1_999);
    expect(ended).not.toHaveBeenCalled();
    expect(seen?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(ended).toHaveBeenCalledExactlyOnceWith({
      decision: 'deny',
      reason: 'the risk assessor gave no answer in time',
      failure: 'timeout',
    });
    expect(seen?.aborted).toBe(true);
  });

  it('L1 a time of one’s own, open: the message is allowed and nothing is cleared', async () => {
    const check = createRiskCheck({ assessor: { assess: forever }, timeoutSeconds: 0.5, onFailure: 'allow' });
    const verdict = check(REQUEST);
    await vi.advanceTimersByTimeAsync(500);
    expect(await verdict).toEqual({ decision: 'allow', cleared: false, failure: 'timeout' });
  });

  it('a rejection after the time was over is nobody’s', async () => {
    const assess: RiskAssessor['assess'] = (_request, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('too late')));
      });
    const verdict = createRiskCheck({ assessor: { assess } })(REQUEST);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await verdict).toMatchObject({ failure: 'timeout' });
  });

  it('when the client hangs up there is no verdict, not even an open one', async () => {
    let seen: AbortSignal | undefined;
    const assess: RiskAssessor['assess'] = (_request, { signal }) => {
      seen = signal;
      return forever();
    };
    const controller = new AbortController();
    const verdict = createRiskCheck({ assessor: { assess }, onFailure: 'allow' })(REQUEST, controller.signal);
    const caught = verdict.catch((reason: unknown) => reason);
    controller.abort(new Error('hung up'));
    expect(await caught).toEqual(new Error('hung up'));
    expect(seen?.aborted).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
    expect(error).not.toHaveBeenCalled();
  });

  it('does not ask for a client that is gone', async () => {
    const assess = vi.fn<RiskAssessor['assess']>(forever);
    await expect(createRiskCheck({ assessor: { assess } })(REQUEST, AbortSignal.abort())).rejects.toThrow('aborted');
    expect(assess).not.toHaveBeenCalled();
  });

  it('each kind of failure is logged once', async () => {
    const answers: (() => Promise<never>)[] = [
      () => Promise.reject(new Error('no')),
      () => Promise.reject(new Error()),
    ];
    const check = createRiskCheck({ assessor: { assess: () => (answers.shift() ?? forever)() } });
    await check(REQUEST);
    await check(REQUEST);
    const late = [check(REQUEST), check(REQUEST)];
    await vi.advanceTimersByTimeAsync(2_000);
    await Promise.all(late);
    expect(error.mock.calls.map(([line]) => line)).toEqual([
      'The risk assessor threw an error: messages are refused (said once)',
      'The risk assessor gave no answer in time: messages are refused (said once)',
    ]);
  });

  it('a decoy is a denial where decoys are off, said once', async () => {
    const check = createRiskCheck({ assessor: { assess: () => ({ decision: 'decoy', reason: 'not registered' }) } });
    expect(await check(REQUEST)).toEqual({ decision: 'deny', reason: 'not registered' });
    expect(await check(REQUEST)).toEqual({ decision: 'deny', reason: 'not registered' });
    expect(await checkOf({ decision: 'decoy', cleared: true })).toEqual({ decision: 'deny' });
    expect(warn).toHaveBeenCalledTimes(2);
    expect(warn).toHaveBeenLastCalledWith(expect.stringContaining('risk.decoys'));
  });

  it.each([
    [`swapped: ${NUMBER}`, 'swapped: +***********'],
    ['swapped: 06 12 34 56 78', 'swapped: ** ** ** ** **'],
    ['swapped: ٠٦١٢٣٤٥٦٧٨', 'swapped: **********'],
    ['score 87 of 100', 'score 87 of 100'],
    ['two\r\nlines\u001b[31m\u202e', 'two lines [31m'],
    ['x'.repeat(500), 'x'.repeat(100)],
  ])('case 65 L1 the reason %j stands in events as %j', async (reason, shown) => {
    expect(await checkOf({ decision: 'deny', reason })).toEqual({ decision: 'deny', reason: shown });
  });
});
