import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from './tool-runner.js';

/** Every text that people read: pages, the package's own, and what the demo shows. */
async function texts(): Promise<{ readonly file: string; readonly text: string }[]> {
  const inside = await Promise.all(
    ['docs', 'libs/otp/src', 'libs/otp-code-input/src', 'apps/demo/src'].map(async (folder) =>
      (await readdir(join(repositoryRoot, folder), { recursive: true })).map((file) => join(folder, file)),
    ),
  );
  const files = [...inside.flat(), 'README.md', 'SECURITY.md', 'libs/otp/README.md', 'libs/otp/package.json'];
  const readable = files.filter((file) => /\.(?:md|tsx?|json)$/.test(file) && !file.endsWith('.spec.ts'));
  return Promise.all(
    readable.map(async (file) => ({ file, text: await readFile(join(repositoryRoot, file), 'utf8').catch(() => '') })),
  );
}

const CLAIM =
  /(?:phishing|phisher)[- ]?(?:resist|proof|safe)|(?:withstands?|prevents?|stops?|resists?|immune to) phish/i;
const DENIAL = /\b(?:no|not|never|nor|cannot|nothing)\b/i;

const isClaim = (sentence: string) => CLAIM.test(sentence) && !DENIAL.test(sentence);
const sentencesOf = (text: string) => text.split(/(?<=[.!?:;|])\s+|\n\s*\n/);

describe('what is said of phishing', () => {
  it('D3 nobody is told that a code by SMS withstands it', async () => {
    const claims = (await texts()).flatMap(({ file, text }) =>
      sentencesOf(text)
        .filter(isClaim)
        .map((sentence) => `${file}: ${sentence}`),
    );
    expect(claims).toEqual([]);
  });

  it('D3 the search sees a claim, and a denial is none', () => {
    expect(['Codes are phishing-resistant.', 'It prevents phishing.'].every(isClaim)).toBe(true);
    expect(isClaim('It does not resist phishing.')).toBe(false);
  });

  it.each(['README.md', 'SECURITY.md'])('D3 %s says that a false page can take a code', async (page) => {
    const text = await readFile(join(repositoryRoot, page), 'utf8');
    expect(text).toMatch(/false page|phishing/i);
    expect(text).toMatch(/restricted authenticator/);
  });

  it('D3 no proof names a method that is said to withstand it, or a second factor', async () => {
    const flow = await readFile(join(repositoryRoot, 'libs/otp/src/flows/answer.flow.ts'), 'utf8');
    const values = /const AMR[^{]*\{(?<values>[^}]*)\}/.exec(flow)?.groups?.['values'] ?? '';
    expect([...values.matchAll(/'(\w+)'/g)].map(([, value]) => value)).toEqual(['sms', 'tel', 'otp', 'otp']);
  });
});
