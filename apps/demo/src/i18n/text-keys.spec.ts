import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ATTACK_NAMES } from '../attack/attack.js';
import { TEXTS, type TextKey } from './texts/index.js';

const SOURCES = join(import.meta.dirname, '..');
const PARTS = join(import.meta.dirname, 'texts');

/** Keys that the sources build, by what they are built with. */
const BUILT_KEYS: Readonly<Record<string, readonly TextKey[]>> = {
  'problems.${code}': [
    'problems.invalid_request',
    'problems.invalid_phone_number',
    'problems.destination_not_allowed',
    'problems.challenge_gone',
    'problems.attempts_exhausted',
    'problems.delivery_failed',
    'problems.busy',
    'problems.store_unavailable',
    'problems.forbidden',
  ],
  'codeStep.delivery.${challenge.delivery}': [
    'codeStep.delivery.queued',
    'codeStep.delivery.sent',
    'codeStep.delivery.delivered',
    'codeStep.delivery.failed',
    'codeStep.delivery.unknown',
  ],
  'problems.${reading.outcome}': ['problems.no_phone_number', 'problems.no_country', 'problems.invalid_phone_number'],
  'problems.${outcome}': [
    'problems.code_empty',
    'problems.code_not_digits',
    'problems.code_too_short',
    'problems.code_too_long',
  ],
  'account.notice.${notice}': [
    'account.notice.welcome',
    'account.notice.transfer',
    'account.notice.number',
    'account.notice.forgotten',
  ],
  'attack.${running}.name': ATTACK_NAMES.map((name) => `attack.${name}.name` as const),
  'attack.${name}.name': ATTACK_NAMES.map((name) => `attack.${name}.name` as const),
  'attack.${name}.about': ATTACK_NAMES.map((name) => `attack.${name}.about` as const),
  'attack.${side}': ['attack.module', 'attack.plain'],
  'attack.${counts}': ['attack.messages', 'attack.codes'],
  'attack.victim.${victim}': ['attack.victim.signed_in', 'attack.victim.refused'],
  'phone.channel.${channel}': [
    'phone.channel.sms',
    'phone.channel.voice',
    'phone.channel.whatsapp',
    'phone.channel.email',
  ],
  'phone.delivery.${message.delivery}': [
    'phone.delivery.queued',
    'phone.delivery.sent',
    'phone.delivery.delivered',
    'phone.delivery.failed',
  ],
};

it('keys begin with the name of their part, and every part is in use', () => {
  const parts = readdirSync(PARTS).filter((name) => name !== 'index.ts');
  const keys = parts.flatMap((file) => {
    const part = basename(file, '.ts').replaceAll(/-(\w)/g, (_dash, letter: string) => letter.toUpperCase());
    const own = [...readFileSync(join(PARTS, file), 'utf8').matchAll(/^ {4}'([^']+)':/gm)].map(([, key]) => key ?? '');
    for (const key of own) {
      expect(key, file).toMatch(new RegExp(`^${part}\\.`));
    }
    return own;
  });
  expect(new Set(keys)).toEqual(new Set(Object.keys(TEXTS.en)));
});

describe('every text is shown somewhere', () => {
  const sources = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path) && !path.includes('.spec.') && !path.startsWith(join('i18n', 'texts')))
    .map((path) => readFileSync(join(SOURCES, path), 'utf8'))
    .join('\n');

  it('no key is unused', () => {
    const built = new Set<string>(Object.values(BUILT_KEYS).flat());
    expect(Object.keys(TEXTS.en).filter((key) => !built.has(key) && !sources.includes(`'${key}'`))).toEqual([]);
  });

  it.each(Object.keys(BUILT_KEYS))('a key is still built as %s', (template) => {
    expect(sources).toContain(`\`${template}\``);
  });
});
