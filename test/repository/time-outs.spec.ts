import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from './tool-runner.js';

/** What an operator may set, the file whose comment and the text of the code that give it a default, and the page that tells it. */
const SETTINGS = [
  [
    'commandTimeoutMs',
    1500,
    'stores/redis/index.ts',
    ['stores/redis/index.ts', 'commandTimeoutMs = 1_500 }'],
    'stores.md',
  ],
  [
    'sendTimeoutSeconds',
    10,
    'otp.options.ts',
    ['otp.resolved-options.ts', 'options.sendTimeoutSeconds ?? 10,'],
    'delivery.md',
  ],
  [
    'timeoutSeconds',
    10,
    'delivery/transports/https.transport.ts',
    ['delivery/transports/https.transport.ts', 'timeoutSeconds = 10,'],
    'delivery.md',
  ],
  [
    'timeoutSeconds',
    2,
    'risk/risk-assessor.ts',
    ['risk/assess-risk.ts', 'DEFAULT_RISK_TIMEOUT_SECONDS = 2;'],
    'risk.md',
  ],
] as const;

const textOf = (file: string) => readFile(`${repositoryRoot}${file}`, 'utf8');

describe('time-outs', () => {
  it.each(SETTINGS)('L3 %s is %i by default, as %s says', async (name, value, source, [file, text], page) => {
    const [comment, told] = [await textOf(`libs/otp/src/${source}`), await textOf(`docs/${page}`)];
    expect(await textOf(`libs/otp/src/${file}`)).toContain(text);
    expect(comment).toMatch(new RegExp(`@default ${value}\\b[^]{0,60}\\b${name}\\b`));
    const line = told.split('\n').find((one) => one.includes(`${name}\``) && new RegExp(`\\b${value}\\b`).test(one));
    expect(line).toBeDefined();
  });
});
