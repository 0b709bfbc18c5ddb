import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Random } from '../engine/random.js';
import { type FaultMix, pickReaction, type Reaction, REACTIONS } from './reactions.js';

const SLOW_MS = 30;

/** A message that the provider read, and what it did with it. */
export interface Handled {
  readonly to: string;
  readonly text: string;
  readonly reaction: Reaction;
}

interface Script {
  readonly mix: FaultMix;
  readonly reaction: Reaction;
}

/** A provider on loopback whose faults come from a seed: the n-th connection meets the same one in every run. */
export class ScriptedProvider {
  /** In the order of reading. */
  readonly handled: Handled[] = [];
  /** How many messages met what. */
  readonly met = new Map<Reaction, number>();
  mix: FaultMix = { accepts: 1 };

  private readonly scripts = new WeakMap<Socket, Script>();
  private connections = 0;
  private readonly server: Server;

  private constructor(private readonly seed: number) {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('error', () => undefined);
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { to, text }: { to: string; text: string } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
        const reaction = this.reactionFor(request.socket);
        this.handled.push({ to, text, reaction });
        this.count(reaction);
        answer(reaction, response);
      });
    });
    this.server.on('connection', (socket: Socket) => {
      const script = this.nextScript();
      this.scripts.set(socket, script);
      if (script.reaction === 'resets before it reads') {
        this.count(script.reaction);
        socket.resetAndDestroy();
      }
    });
  }

  static async start(seed: number): Promise<ScriptedProvider> {
    const provider = new ScriptedProvider(seed);
    provider.server.listen(0, '127.0.0.1');
    await once(provider.server, 'listening');
    return provider;
  }

  get url(): string {
    const address = this.server.address();
    if (!isTcp(address)) {
      throw new Error('The provider does not listen');
    }
    return `http://127.0.0.1:${address.port}/messages`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private nextScript(): Script {
    const reaction = pickReaction(this.mix, Random.of(this.seed, this.connections));
    this.connections += 1;
    return { mix: this.mix, reaction };
  }

  /** A connection may be older than the spell. */
  private reactionFor(socket: Socket): Reaction {
    const script = this.scripts.get(socket);
    return script?.mix === this.mix ? script.reaction : this.nextScript().reaction;
  }

  private count(reaction: Reaction): void {
    this.met.set(reaction, (this.met.get(reaction) ?? 0) + 1);
  }
}

/** What the people got. */
export function deliveredBy({ handled }: ScriptedProvider): readonly Handled[] {
  return handled.filter(({ reaction }) => REACTIONS[reaction].delivers);
}

let ids = 0;

/** Every answer ends its connection, so that the next message meets the next fault. */
function answer(reaction: Reaction, response: ServerResponse): void {
  const end = (status: number, body: object | string) => {
    response.writeHead(status, { connection: 'close' }).end(typeof body === 'string' ? body : JSON.stringify(body));
  };
  const accept = () => end(200, { id: `id-${(ids += 1)}` });
  switch (reaction) {
    case 'accepts':
    case 'accepts, and sends nothing':
      return accept();
    case 'slow':
      setTimeout(accept, SLOW_MS);
      return undefined;
    case 'refuses with 503':
    case 'sends, and says it refused':
      return end(503, {});
    case 'refuses with 402':
      return end(402, {});
    case 'fails with 500':
    case 'sends, and fails with 500':
      return end(500, {});
    case 'sends, and answers garbage':
      return end(200, '<html>Welcome</html>');
    case 'resets before it reads':
    case 'resets after it read':
    case 'sends, and resets':
      response.socket?.resetAndDestroy();
      return undefined;
    case 'hangs':
    case 'sends, and hangs':
      return undefined;
  }
}

function isTcp(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}
