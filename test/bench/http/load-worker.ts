import { parentPort, workerData } from 'node:worker_threads';
import { CodeBoard } from './code-board.js';
import { Connection } from './connection.js';
import { DIALECTS, type Login } from './dialects.js';
import { Flood } from './flood.js';
import type { LoadCount, LoadOrder, LoadTarget } from './load.js';

const { port: serverPort, dialect, codeMemory }: LoadTarget = workerData;
const codes = new CodeBoard(codeMemory);
const asks = DIALECTS[dialect];
/** Numbers are fresh over all runs. */
let position = 0;

const port = parentPort;
port?.on('message', (order: LoadOrder) => {
  void run(order).then((count) => port.postMessage(count));
});

async function run({ job, connections, seconds }: LoadOrder): Promise<LoadCount> {
  const opened = await Promise.all(Array.from({ length: connections }, () => Connection.open(serverPort)));
  let count = 0;
  const startedAt = performance.now();
  const asking = opened.map(async (connection, at) => {
    const flood = new Flood(connection, asks, codes, at % 2 === 0 ? 'random ids' : 'codes');
    while (performance.now() - startedAt < seconds * 1000) {
      position += 1;
      const login = asks.login({ position, connection: at });
      await (job === 'flood' ? flood.next(login) : logIn(connection, login, job));
      count += 1;
    }
  });
  await Promise.all(asking);
  // Until the last has ended: all that was counted ran within this time.
  const perSecond = (count * 1000) / (performance.now() - startedAt);
  opened.forEach((connection) => connection.close());
  return { perSecond };
}

async function logIn(connection: Connection, login: Login, job: 'issue' | 'cycle'): Promise<void> {
  const issued = await accepted(connection, asks.issue(login));
  if (job === 'cycle') {
    await accepted(connection, asks.verify(login, codes.codeTo(login.number), issued));
  }
}

/** @throws Error when the server refuses */
async function accepted(connection: Connection, request: string): Promise<string> {
  const { status, body } = await connection.ask(request);
  if (status !== 200 && status !== 201) {
    throw new Error(`The server answered ${status} ${body}`);
  }
  return body;
}
