import type { ProofAppOptions } from './proof-app.js';
import { startProofApp } from './proof-app.js';

/** A process with one application and nothing else. It tells its routes, then its processor time whenever it is asked. */
const options: ProofAppOptions = JSON.parse(process.argv[2] ?? '');
const { routes, close } = await startProofApp(options);

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.(user + system);
});
process.once('disconnect', () => void close());
process.send?.(routes);
