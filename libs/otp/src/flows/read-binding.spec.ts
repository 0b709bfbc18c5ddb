import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type BindingSchema, PurposeRegistry } from '../challenge/purpose.js';
import { readBinding } from './read-binding.js';

const payout = z.strictObject({ amount: z.string().regex(/^\d+\.\d\d EUR$/), payee: z.string() });

function purposeWith(binding?: BindingSchema) {
  return new PurposeRegistry({ payout: binding === undefined ? {} : { binding } }).require('payout');
}

describe('readBinding', () => {
  it('A4 gives what the schema makes of it', async () => {
    const upper = z.object({ payee: z.string().transform((text) => text.toUpperCase()) });
    expect(await readBinding(purposeWith(upper), { payee: 'nl91' })).toEqual({
      outcome: 'ok',
      details: { payee: 'NL91' },
    });
  });

  it('waits for a schema that takes its time', async () => {
    const later = z.object({ payee: z.string().refine(async (payee) => payee !== 'blocked') });
    expect(await readBinding(purposeWith(later), { payee: 'blocked' })).toMatchObject({ outcome: 'invalid_binding' });
  });

  it.each([
    ['another amount', { amount: '12', payee: 'Bob' }, '#/amount'],
    ['a missing member', { amount: '12.00 EUR' }, '#/payee'],
    ['an array', ['12.00 EUR'], '#'],
    ['null', null, '#'],
    ['a list of payees', { amount: '12.00 EUR', payee: ['Bob', 'Eve'] }, '#/payee'],
  ])('J1 refuses %s and points to it, repeating nothing', async (_name, given, pointer) => {
    const reading = await readBinding(purposeWith(payout), given);
    expect(reading).toMatchObject({ outcome: 'invalid_binding', errors: [{ pointer }] });
    expect(JSON.stringify(reading)).not.toContain('Bob');
  });

  it('points to a member as RFC 6901 §3 does, whatever its name', async () => {
    const odd = z.object({ 'a/b~c': z.string() });
    expect(await readBinding(purposeWith(odd), {})).toMatchObject({ errors: [{ pointer: '#/a~1b~0c' }] });
  });

  it('refuses what no message can show', async () => {
    expect(await readBinding(purposeWith(payout), { amount: '12.00 EUR', payee: '\u202E' })).toMatchObject({
      outcome: 'invalid_binding',
      errors: [{ pointer: '#/payee' }],
    });
  });

  it('refuses more than a challenge keeps', async () => {
    const many = z.record(z.string(), z.string());
    const long = Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`m${index}`, 'é'.repeat(64)]));
    expect(await readBinding(purposeWith(many), long)).toMatchObject({ outcome: 'invalid_binding' });
  });

  it.each([
    ['nested values', z.object({ payee: z.object({ iban: z.string() }) }), { payee: { iban: 'NL91' } }],
    ['nothing at all', z.object({}), {}],
    ['a text', z.string(), 'NL91'],
  ])('throws for a schema that lets %s through', async (_name, schema, given) => {
    // What only JavaScript, or a schema of a wider type, can bring about.
    const purpose = purposeWith(schema as unknown as BindingSchema);
    await expect(readBinding(purpose, given)).rejects.toThrow(/flat record/);
  });

  it('throws for a binding that is missing, or that nothing declares', async () => {
    await expect(readBinding(purposeWith(payout), undefined)).rejects.toThrow(/needs one/);
    await expect(readBinding(purposeWith(), { amount: '1' })).rejects.toThrow(/declares no binding/);
    expect(await readBinding(purposeWith(), undefined)).toEqual({ outcome: 'ok', details: undefined });
  });
});
