import { readFile } from 'node:fs/promises';

/** `{ number, title, reason? }` of each case; `reason` is why it cannot apply. */
export async function readCases(root) {
  return JSON.parse(await readFile(`${root}test/attacks/cases.json`, 'utf8'));
}

/** The cases that no test names although nothing says why they do not apply, and those that say so although one does. */
export function problemsOf(cases, tests) {
  const named = new Set(tests.flatMap((test) => test.cases));
  const numbers = new Set(cases.map(({ number }) => number));
  return [
    ...cases
      .filter(({ number, reason }) => reason === undefined && !named.has(number))
      .map(({ number, title }) => `case ${number} (${title}) has no test`),
    ...cases
      .filter(({ number, reason }) => reason !== undefined && named.has(number))
      .map(({ number }) => `case ${number} is said not to apply, and has a test`),
    ...[...named].filter((number) => !numbers.has(number)).map((number) => `case ${number} is not listed`),
  ];
}
