import { serveParent } from '../program.js';
import { startBetterAuthServer } from '../peers/better-auth.js';
import { startHandMade } from '../peers/hand-made.js';
import { CodeBoard } from './code-board.js';
import { startEcho } from './echo-server.js';
import { Load, type LoadOrder } from './load.js';
import type { MeasuredServer, ServerOptions } from './measured-server.js';
import { startOtpServer } from './otp-server.js';

/** One server, and the thread that asks it; both in this process, for the codes. Says its port, then measures as it is told. */
const options: ServerOptions = JSON.parse(process.argv[2] ?? '');
const codes = new CodeBoard();
const server = await start();
const load = new Load({ codes, port: server.port, dialect: options.kind });

serveParent({
  hello: { port: server.port },
  answer: (order: LoadOrder) => load.run(order),
  async close() {
    await load.close();
    await server.close();
  },
});

function start(): Promise<MeasuredServer> {
  switch (options.kind) {
    case 'module':
      return startOtpServer(options, codes);
    case 'echo':
      return startEcho(options.adapter);
    case 'better-auth':
      return startBetterAuthServer(options, codes);
    case 'by hand':
      return startHandMade(options, codes);
  }
}
