import { Logger } from '@nestjs/common';
import { type ReadVerdict, readVerdict } from './read-verdict.js';
import type { OtpRiskOptions, RiskAssessor, RiskRequest } from './risk-assessor.js';

/** Why there was no verdict. */
export type RiskFailure = 'timeout' | 'error' | 'invalid_answer';

/** What to do; `failure` says that it was decided without the assessor. */
export type CheckedVerdict = ReadVerdict & { readonly failure?: RiskFailure };

/**
 * Asks the assessor. Resolves with a verdict whatever the assessor does.
 *
 * @throws the reason of `signal` when that aborts first: the client hung up, and nobody waits for a verdict.
 */
export type RiskCheck = (request: RiskRequest, signal?: AbortSignal) => Promise<CheckedVerdict>;

/** @default of `OtpRiskOptions.timeoutSeconds` */
export const DEFAULT_RISK_TIMEOUT_SECONDS = 2;

const SAID: Readonly<Record<RiskFailure, string>> = {
  timeout: 'gave no answer in time',
  error: 'threw an error',
  invalid_answer: 'gave no valid answer',
};

/** Puts deadline, strict reading and `onFailure` around an assessor. */
export function createRiskCheck({
  assessor,
  timeoutSeconds = DEFAULT_RISK_TIMEOUT_SECONDS,
  onFailure = 'deny',
  decoys = false,
}: OtpRiskOptions): RiskCheck {
  const logger = new Logger('Otp');
  const told = new Set<string>();
  const once = (kind: string, tell: () => void) => {
    if (!told.has(kind)) {
      told.add(kind);
      tell();
    }
  };

  const failed = (failure: RiskFailure): CheckedVerdict => {
    const consequence = onFailure === 'allow' ? 'messages are sent without a verdict' : 'messages are refused';
    // Without what was thrown, which may repeat the number.
    once(failure, () => logger.error(`The risk assessor ${SAID[failure]}: ${consequence} (said once)`));
    return onFailure === 'allow'
      ? { decision: 'allow', cleared: false, failure }
      : { decision: 'deny', reason: `the risk assessor ${SAID[failure]}`, failure };
  };

  return async (request, signal) => {
    const verdict = await ask(assessor, request, { timeoutSeconds, signal });
    if (typeof verdict === 'string') {
      return failed(verdict);
    }
    if (verdict.decision === 'decoy' && !decoys) {
      once('decoys', () =>
        logger.warn('The risk assessor answered decoy, which counts as deny until risk.decoys is true (said once)'),
      );
      const { reason } = verdict;
      return reason === undefined ? { decision: 'deny' } : { decision: 'deny', reason };
    }
    return verdict;
  };
}

/** The verdict, or why there is none. Ends in time even if the assessor does not listen to its signal. */
async function ask(
  assessor: RiskAssessor,
  request: RiskRequest,
  { timeoutSeconds, signal }: { readonly timeoutSeconds: number; readonly signal: AbortSignal | undefined },
): Promise<ReadVerdict | RiskFailure> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  let release = () => {};
  const stopped = new Promise<'timeout'>((resolve, reject) => {
    const timer = setTimeout(() => {
      resolve('timeout');
      controller.abort();
    }, timeoutSeconds * 1000);
    // A process that has nothing else to do need not wait for a verdict.
    timer.unref();
    const hangUp = () => {
      reject(asError(signal?.reason));
      controller.abort();
    };
    signal?.addEventListener('abort', hangUp, { once: true });
    release = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', hangUp);
    };
  });
  try {
    return await Promise.race([assess(assessor, request, controller.signal), stopped]);
  } finally {
    release();
  }
}

async function assess(
  assessor: RiskAssessor,
  request: RiskRequest,
  signal: AbortSignal,
): Promise<ReadVerdict | RiskFailure> {
  try {
    const answer: unknown = await assessor.assess(request, { signal });
    return readVerdict(answer) ?? 'invalid_answer';
  } catch {
    return 'error';
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('aborted');
}
