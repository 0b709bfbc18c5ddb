import { parseArgs } from 'node:util';
import { providerTable, spellTable, verdictOf } from './faults-table.js';
import { judge } from './judge.js';
import { runFaults } from './run-faults.js';

/** The last part of `npm run test:faults` (`main.js --sends 10000 --seed 1`): three providers with scripted faults, and what people got of it. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { sends: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' } },
  });
  const [sends, seed] = [Number(values.sends), Number(values.seed)];
  let broken = 0;
  for (const afterUnknownOutcome of ['stop', 'next'] as const) {
    const start = performance.now();
    const run = await runFaults({ seed, sends, afterUnknownOutcome });
    const fates = await judge(run);
    await run.close();
    const seconds = Math.round((performance.now() - start) / 1000);
    print(`\n## afterUnknownOutcome: '${afterUnknownOutcome}', seed ${seed}, ${seconds} s\n`);
    print(`${spellTable(run, fates)}\n\n${providerTable(run)}\n\nBroken: ${verdictOf(fates)}.`);
    if (afterUnknownOutcome === 'stop') {
      broken += fates.filter((fate) => fate.broken.length > 0).length;
    }
  }
  print(broken === 0 ? "\nNo promise of 'stop' is broken." : `\nBroken for ${broken} people with 'stop'.`);
  process.exitCode = broken === 0 ? 0 : 1;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

await main();
