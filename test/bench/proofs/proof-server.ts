import { serveParent } from '../program.js';
import { type ProofAppOptions, startProofApp } from './proof-app.js';

/** A process with one application and nothing else. It tells its routes, then its processor time whenever it is asked. */
const options: ProofAppOptions = JSON.parse(process.argv[2] ?? '');
const { routes, close } = await startProofApp(options);

serveParent({
  hello: routes,
  answer: () => {
    const { user, system } = process.cpuUsage();
    return Promise.resolve(user + system);
  },
  close,
});
