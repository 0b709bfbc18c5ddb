import { describe, expect, it } from 'vitest';
import { displayBinding } from './display-binding.js';
import type { BindingDetails } from './message-template.js';

/** What a request may bring where the schema of a purpose is lax, or JavaScript calls. */
const display = (details: unknown) => displayBinding(details as BindingDetails);
const members = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`m${at}`, 'x']));

describe('displayBinding', () => {
  it('A4 shows every member as text, in the order given', () => {
    const result = displayBinding({ payee: 'NL91ABNA0417164300', amount: 1_250_000.5, urgent: true, fee: -0 });
    expect(result).toEqual({
      outcome: 'ok',
      binding: { payee: 'NL91 ABNA 0417 1643 00', amount: '1 250 000.5', urgent: 'true', fee: '0' },
    });
    expect(result.outcome === 'ok' && Object.keys(result.binding)).toEqual(['payee', 'amount', 'urgent', 'fee']);
  });

  it('case 64 makes every text safe before a template sees it', () => {
    expect(displayBinding({ payee: 'Ann\n\n@evil.example #123456', url: 'https://evil.example' })).toEqual({
      outcome: 'ok',
      binding: { payee: 'Ann (at)evil. example No. 123 456', url: 'https: //evil. example' },
    });
  });

  it('shows what it has shown as it is', () => {
    const first = displayBinding({ amount: '1000000.00', payee: '“Ann” @ acme.com' });
    expect(first.outcome === 'ok' && displayBinding(first.binding)).toEqual(first);
  });

  it.each([
    ['empty', ''],
    ['only space', ' \n\u00A0'],
    ['nothing that can be seen', '\u200B\u202E\u3164'],
    ['not a number', Number.NaN],
    ['without end', Number.POSITIVE_INFINITY],
    ['null', null],
    ['missing', undefined],
    ['an object', { toString: () => 'x' }],
    ['a list', ['x']],
    ['a big number', 10n],
  ])('refuses what shows nothing: %s', (_case, amount) => {
    expect(display({ payee: 'Ann', amount })).toEqual({
      outcome: 'invalid',
      member: 'amount',
      detail: 'must be text that can be seen, a number, true or false',
    });
  });

  it.each([
    ['as given', 'x'.repeat(65)],
    ['by what is spelled out', '@'.repeat(17)],
    ['by its groups', '1'.repeat(55)],
    ['by its look-alikes', 'ﷺ'.repeat(4)],
    ['by far', '\u200B'.repeat(10_000_000)],
  ])('refuses what is too long to be shown whole, and never cuts it: %s', (_case, payee) => {
    expect(displayBinding({ amount: '1', payee })).toEqual({
      outcome: 'invalid',
      member: 'payee',
      detail: 'must have at most 64 characters as the message shows it',
    });
  });

  it('refuses what is too long together', () => {
    const [a, b] = ['a'.repeat(64), 'b'.repeat(64)];
    expect(displayBinding({ a, b, c: 'c'.repeat(32) }).outcome).toBe('ok');
    expect(displayBinding({ a, b, c: 'c'.repeat(33) })).toMatchObject({
      outcome: 'invalid',
      member: 'c',
      detail: expect.stringContaining('160'),
    });
  });

  it('refuses too many members, and none', () => {
    expect(displayBinding(members(8)).outcome).toBe('ok');
    expect(displayBinding(members(9))).toMatchObject({ outcome: 'invalid', member: 'm8' });
    expect(displayBinding({})).toMatchObject({ outcome: 'invalid', member: '' });
  });

  it.each([
    ['a line break', 'a\n@evil #1'],
    ['spaces', 'to Bob, amount'],
    ['a link', 'evil.com'],
    ['a code', 'a123456'],
    ['what begins with no letter', '1st'],
    ['a prototype', '__proto__'],
    ['nothing', ''],
    ['too many letters', 'a'.repeat(25)],
  ])('J2 refuses a member whose name is %s', (_case, name) => {
    const result = displayBinding(Object.fromEntries([[name, 'x']]));
    expect(result).toMatchObject({ outcome: 'invalid', member: name, detail: expect.stringContaining('name') });
  });

  it('repeats no value and no long name in what it says', () => {
    expect(JSON.stringify(displayBinding({ payee: 'secret '.repeat(20) }))).not.toContain('secret');
    const result = displayBinding({ ['n'.repeat(10_000)]: 'x' });
    expect(result.outcome === 'invalid' && result.member).toHaveLength(64);
  });

  it('J2 takes the names of what objects inherit for names', () => {
    const result = displayBinding({ constructor: 'x', toString: 'y' });
    expect(result).toEqual({ outcome: 'ok', binding: { constructor: 'x', toString: 'y' } });
  });
});
