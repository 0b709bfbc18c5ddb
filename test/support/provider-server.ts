import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';

/** A request as the provider got it. */
export interface SeenRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What a provider does with one request; what it throws breaks the connection. */
export type Reaction = (response: ServerResponse, request: SeenRequest) => void;

/** A complete answer. An object is sent as JSON. */
export function answer(status: number, body: string | object = '', headers: Record<string, string> = {}): Reaction {
  const isText = typeof body === 'string';
  return (response) => {
    response
      .writeHead(status, { ...(isText ? {} : { 'content-type': 'application/json' }), ...headers })
      .end(isText ? body : JSON.stringify(body));
  };
}

/** Takes the request and never answers. */
export const hang: Reaction = () => undefined;

/** Begins an answer and never ends it. */
export const neverEnding: Reaction = (response) => response.writeHead(200).write('{');

/** Announces more than it sends, and closes the connection. */
export function halfAnswer(status: number, start = '{"id":"'): Reaction {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': 1000 }).write(start);
    response.socket?.end();
  };
}

/** Answers what is not HTTP. */
export const garbage: Reaction = (response) => response.socket?.end('SSH-2.0-garbage\r\n\r\n');

/** Breaks the connection after the request. */
export const reset: Reaction = (response) => response.socket?.resetAndDestroy();

/** Repeats all that it was sent in a refusal, as careless providers do. */
export function echo(status: number): Reaction {
  return (response, request) => answer(status, { message: request.body, ...request.headers })(response, request);
}

export function redirect(location: string, status = 307): Reaction {
  return answer(status, '', { location });
}

/** Runs the reactions one after the other; the last one stays. */
export function inTurn(first: Reaction, ...more: readonly Reaction[]): Reaction {
  const queue = [first, ...more];
  let current = first;
  return (response, request) => {
    current = queue.shift() ?? current;
    current(response, request);
  };
}

/** A provider on a free port of this machine. It records what it is sent and reacts as the test says. */
export class ProviderServer {
  /** In the order of their end. */
  readonly seen: SeenRequest[] = [];
  reaction: Reaction = answer(500);
  /** How many were opened. */
  connections = 0;
  private readonly server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('error', () => undefined);
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const seen = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') };
      this.seen.push(seen);
      try {
        this.reaction(response, seen);
      } catch {
        response.destroy();
      }
    });
  });

  static async start(): Promise<ProviderServer> {
    const provider = new ProviderServer();
    provider.server.on('connection', () => {
      provider.connections += 1;
    });
    provider.server.listen(0, '127.0.0.1');
    await once(provider.server, 'listening');
    return provider;
  }

  /** Without a slash at the end. */
  get url(): string {
    const address = this.server.address();
    if (address === null || typeof address === 'string') {
      throw new Error('the provider is closed');
    }
    return `http://127.0.0.1:${address.port}`;
  }

  /** The request that came last. */
  get last(): SeenRequest {
    const request = this.seen.at(-1);
    if (request === undefined) {
      throw new Error('the provider was not called');
    }
    return request;
  }

  /** Ends the connections that are open; new ones are taken. */
  dropConnections(): void {
    this.server.closeAllConnections();
  }

  /** Also used to have a port where connections are refused. */
  async close(): Promise<void> {
    if (this.server.listening) {
      this.server.closeAllConnections();
      this.server.close();
      await once(this.server, 'close');
    }
  }
}
