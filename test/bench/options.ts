import { parseArgs } from 'node:util';
import type { RoundsOptions } from './rounds.js';
import { isScenarioName, SCENARIO_NAMES, type ScenarioName } from './scenarios.js';

export interface BenchOptions extends RoundsOptions {
  readonly only: readonly ScenarioName[];
  /** Where the JSON is. */
  readonly path: string;
  /** Measures nothing: prints the JSON of an earlier run as tables for the documentation. */
  readonly markdown: boolean;
}

/**
 * `[path of the JSON] [--only <scenario>]… [--rounds 5] [--seconds 1.2]`, or `[path of the JSON] --markdown`
 *
 * @throws TypeError for anything else
 */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      only: { type: 'string', multiple: true, default: [...SCENARIO_NAMES] },
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '1.2' },
      markdown: { type: 'boolean', default: false },
    },
  });
  return {
    only: values.only.map(scenarioName),
    path: positionals[0] ?? 'node_modules/.cache/otp-bench.json',
    rounds: positive('rounds', values.rounds),
    secondsPerRound: positive('seconds', values.seconds),
    markdown: values.markdown,
  };
}

function scenarioName(name: string): ScenarioName {
  if (!isScenarioName(name)) {
    throw new TypeError(`There is no scenario '${name}': ${SCENARIO_NAMES.join(', ')}`);
  }
  return name;
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) {
    throw new TypeError(`--${name} must be a number above 0`);
  }
  return value;
}
