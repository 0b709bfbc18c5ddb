import type { ChallengeStatusView } from 'nestjs-sms-otp';
import type { JSX } from 'preact';
import type { Words } from '../i18n/words.js';
import type { Page } from '../pages/page.js';
import { duration } from '../web/refusal-text.js';
import type { CodeFlow, CodePageFacts } from './code-flow.js';

export interface CodePageProps {
  readonly flow: Pick<CodeFlow, 'name' | 'changeNumberPath' | 'offersTrust'>;
  /** Goes with the code, and makes the pages of two steps two pages: none shows what the other's code stands for. */
  readonly mark: string;
  readonly facts: CodePageFacts;
  /** `undefined` when no code can answer it any more. */
  readonly challenge: ChallengeStatusView | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** A new code was sent just now. */
  readonly isNew: boolean;
  readonly error: string;
}

/** Where every code is entered. The countdowns are told in seconds: the browser's clock may be wrong. */
export function codePage(words: Words, props: CodePageProps): Page {
  const { t } = words;
  const { facts, flow } = props;
  return {
    title: t('codeStep.title'),
    watches: true,
    body: (
      <section class="card step">
        <div>
          <h1>{t('codeStep.title')}</h1>
          {facts.lead !== undefined && <p class="lead">{facts.lead}</p>}
          <Destination words={words} {...props} />
          {facts.details !== undefined && <Details details={facts.details} />}
          <Delivery words={words} {...props} />
          <CodeForm words={words} {...props} />
        </div>
        <div class="again">
          <h2>{t('codeStep.again')}</h2>
          <ResendForm words={words} {...props} />
          <form method="post" action="/code/cancel" class="actions">
            {flow.changeNumberPath !== undefined && (
              <a class="button quiet" id="change" href={flow.changeNumberPath}>
                {t('codeStep.changeNumber')}
              </a>
            )}
            <button class="quiet" type="submit">
              {t('codeStep.cancel')}
            </button>
          </form>
        </div>
      </section>
    ),
  };
}

type PartProps = CodePageProps & { readonly words: Words };

function Destination({ words: { t }, challenge }: PartProps): JSX.Element {
  return (
    <p class="lead" id="destination" data-swap="content">
      {challenge !== undefined && (
        <>
          {t(challenge.channel === 'voice' ? 'codeStep.sent.voice' : 'codeStep.sent.sms', {
            digits: challenge.codeLength,
          })}{' '}
          <strong>
            <bdi dir="ltr">{challenge.destination}</bdi>
          </strong>
        </>
      )}
    </p>
  );
}

/** What became of the message; only that it will not come is worth interrupting for. */
function Delivery({ words: { t }, challenge }: PartProps): JSX.Element {
  const text = challenge === undefined ? '' : t(`codeStep.delivery.${challenge.delivery}`);
  return (
    <p class="hint" id="delivery" data-swap="content" data-live>
      {challenge?.delivery === 'failed' ? <strong role="alert">{text}</strong> : text}
    </p>
  );
}

function Details({ details }: { readonly details: NonNullable<CodePageFacts['details']> }): JSX.Element {
  return (
    <dl class="facts">
      {details.map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <bdi>{value}</bdi>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function CodeForm({ words, flow, mark, facts, challenge, now, isNew, error }: PartProps): JSX.Element {
  const { t } = words;
  const secondsUntil = (time: string) => Math.max(0, Math.ceil((Date.parse(time) - now) / 1000));
  const expiresIn = challenge === undefined ? 0 : secondsUntil(challenge.expiresAt);
  const resendIn = challenge === undefined ? 0 : secondsUntil(challenge.resendAt);
  return (
    <form method="post" action="/code" data-enhance id="code-form">
      <input type="hidden" name="step" id={`step-${mark}`} value={mark} data-swap="none" />
      <otp-code-input
        id="code-input"
        data-swap="attributes"
        length={String(challenge?.codeLength ?? 6)}
        expires-in={String(expiresIn)}
        resend-in={String(resendIn)}
        // Left out when it is over: another one would take back the error that says so.
        challenge={challenge && `${challenge.expiresAt} ${challenge.resendAt}`}
        resend="resend other-channel"
        // What a code stands for is to be read before it is sent.
        no-web-otp={facts.details !== undefined}
      >
        <label for="code">{t('codeStep.label')}</label>
        <input
          id="code"
          name="code"
          class="code"
          type="text"
          inputMode="numeric"
          autocomplete="one-time-code"
          autocapitalize="off"
          spellcheck={false}
          maxLength={40}
          dir="ltr"
          autofocus
          data-swap="attributes"
          aria-invalid={error === '' ? 'false' : 'true'}
          aria-describedby="code-error code-expiry"
        />
        <p class="hint digits" id="code-expiry" data-part="expiry">
          {expiresIn > 0 ? t('codeStep.validFor', { wait: duration(expiresIn, words) }) : t('problems.challenge_gone')}
        </p>
        <p class="error" id="code-error" role="alert" data-part="error" data-swap="content">
          {error}
        </p>
        <p class="status" id="status" role="status" data-part="status" data-swap="content">
          {error === '' && challenge !== undefined && statusText(words, challenge, isNew)}
        </p>
      </otp-code-input>
      {flow.offersTrust && (
        <p class="choice">
          <input id="remember" name="remember" type="checkbox" aria-describedby="remember-hint" />
          <label for="remember">{t('codeStep.remember')}</label>
          <span class="hint" id="remember-hint">
            {t('codeStep.remember.hint')}
          </span>
        </p>
      )}
      <button class="primary" type="submit">
        {facts.submit}
      </button>
    </form>
  );
}

function ResendForm({ words: { t }, challenge }: PartProps): JSX.Element {
  const other = challenge?.channel === 'voice' ? 'sms' : 'voice';
  return (
    <form method="post" action="/code/resend" data-enhance id="resend-form" class="actions">
      <button class="quiet" type="submit" id="resend" data-swap="none">
        {t('codeStep.resend')}
        <span data-part="resend-wait" />
      </button>
      <button class="quiet" type="submit" name="channel" value={other} id="other-channel" data-swap="attributes">
        <span id="other-channel-label" data-swap="content">
          {t(other === 'voice' ? 'codeStep.call' : 'codeStep.text')}
        </span>
        <span data-part="resend-wait" />
      </button>
    </form>
  );
}

function statusText({ t }: Words, challenge: ChallengeStatusView, isNew: boolean): string {
  return isNew
    ? t('codeStep.announce.again')
    : t('codeStep.announce', { end: challenge.destination.slice(-2), attempts: challenge.attemptsRemaining });
}

export function noCodePage({ t }: Words): Page {
  return {
    title: t('codeStep.none.title'),
    body: (
      <section class="card">
        <h1>{t('codeStep.none.title')}</h1>
        <p class="lead">{t('codeStep.none.lead')}</p>
        <p>
          <a class="button primary" href="/">
            {t('codeStep.none.start')}
          </a>
        </p>
      </section>
    ),
  };
}
