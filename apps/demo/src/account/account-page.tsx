import { friendlyFormatIBAN } from 'ibantools';
import { maskPhoneNumber } from 'nestjs-sms-otp';
import type { JSX } from 'preact';
import type { Words } from '../i18n/words.js';
import type { Page } from '../pages/page.js';
import type { Session } from '../session/session.js';

/** What was just done, in the address after a redirect: one of these or nothing. */
export const NOTICES = ['welcome', 'transfer', 'number', 'forgotten'] as const;
export type Notice = (typeof NOTICES)[number];

export interface AccountPageProps {
  readonly session: Session;
  readonly isTrustedBrowser: boolean;
  readonly notice: Notice | undefined;
}

export function accountPage(words: Words, { session, isTrustedBrowser, notice }: AccountPageProps): Page {
  const { t } = words;
  const { account } = session;
  return {
    title: t('account.title'),
    isSignedIn: true,
    body: (
      <>
        <section class="card">
          {notice !== undefined && (
            <p class="notice" role="status">
              {t(`account.notice.${notice}`)}
            </p>
          )}
          <h1>{account.name === '' ? t('account.title') : t('account.greeting', { name: account.name })}</h1>
          <p class="lead" id="who">
            {t('account.signedInAs', {
              phone: maskPhoneNumber(account.phoneNumber),
              time: words.dateTime(session.signedInAt),
            })}
          </p>
          <Balances words={words} session={session} />
          <p>
            <a class="button primary" href="/transfer">
              {t('transfer.title')}
            </a>
          </p>
        </section>
        <Transfers words={words} session={session} />
        <Security words={words} session={session} isTrustedBrowser={isTrustedBrowser} />
      </>
    ),
  };
}

interface PartProps {
  readonly words: Words;
  readonly session: Session;
}

function Balances({ words: { t, money }, session: { account } }: PartProps): JSX.Element {
  return (
    <dl class="balances">
      <div>
        <dt>{t('account.current')}</dt>
        <dd class="digits">
          <bdi>{money(account.cents)}</bdi>
        </dd>
      </div>
      <div>
        <dt>{t('account.savings')}</dt>
        <dd class="digits">
          <bdi>{money(account.savingsCents)}</bdi>
        </dd>
      </div>
    </dl>
  );
}

function Transfers({ words: { t, money, dateTime }, session: { account } }: PartProps): JSX.Element {
  return (
    <section class="card" aria-labelledby="transfers-title">
      <h2 id="transfers-title">{t('account.transfers')}</h2>
      {account.transfers.length === 0 ? (
        <p class="hint">{t('account.transfers.none')}</p>
      ) : (
        <ul class="list">
          {account.transfers.map(({ payee, iban, cents, at }) => (
            <li key={at}>
              <span>
                <bdi>{payee}</bdi>
                <small class="hint">
                  <bdi dir="ltr">{friendlyFormatIBAN(iban)}</bdi> · {dateTime(at)}
                </small>
              </span>
              <strong class="digits">
                <bdi>{money(-cents)}</bdi>
              </strong>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Security({
  words: { t },
  session: { account },
  isTrustedBrowser,
}: PartProps & { readonly isTrustedBrowser: boolean }): JSX.Element {
  return (
    <section class="card" aria-labelledby="security-title">
      <h2 id="security-title">{t('account.security')}</h2>
      <ul class="list">
        <li>
          <span>
            {t('account.number')}
            <small class="hint">
              <bdi dir="ltr">{maskPhoneNumber(account.phoneNumber)}</bdi>
            </small>
          </span>
          <a class="button quiet" href="/number">
            {t('account.number.change')}
          </a>
        </li>
        <li>
          <span>
            {t('account.device')}
            <small class="hint">{t(isTrustedBrowser ? 'account.device.trusted' : 'account.device.other')}</small>
          </span>
          {isTrustedBrowser && (
            <form method="post" action="/account/forget-browser">
              <button class="quiet" type="submit">
                {t('account.device.forget')}
              </button>
            </form>
          )}
        </li>
        <li>
          <span>
            {t('account.everywhere')}
            <small class="hint">{t('account.everywhere.hint')}</small>
          </span>
          <form method="post" action="/account/sign-out-everywhere">
            <button class="quiet" type="submit">
              {t('account.everywhere.signOut')}
            </button>
          </form>
        </li>
      </ul>
    </section>
  );
}
